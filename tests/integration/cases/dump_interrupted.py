# `monitor dump` of a large guest hears Ctrl-C, the client's end and SIGTERM while it works, and leaves no file then.
# timeout: 60
import os
import signal
import subprocess

import rsp

folder = os.environ["WORK"] + "/cores"
socket = os.environ["WORK"] + "/gdb"
dump = rsp.packet("qRcmd," + f"dump {folder}/core".encode().hex())
os.mkdir(folder)


def start():
    vm = subprocess.Popen([os.environ["GDBVM"], "--memory", "64G", "--serial", "none", "--gdb", "unix:" + socket,
                           os.environ["GUEST"] + "/counter.elf"], stderr=subprocess.PIPE, text=True)
    vm.stderr.readline()
    return vm


def connect():
    stream = rsp.unix_stream(socket)
    client = rsp.Client.on(stream)
    client.ask("qSupported:error-message+")
    return stream, client


vm = start()
try:
    stream, client = connect()
    stream.sendall(dump + b"\x03")
    print("Ctrl-C:", client.reply().replace(folder, "FOLDER"))
    print("then:", client.ask("qC"), os.listdir(folder))

    stream.sendall(dump)
    stream.close()
    stream, client = connect()
    print("left:", client.ask("qC"), os.listdir(folder))

    stream.sendall(dump + rsp.packet("qC"))
    while not os.listdir(folder):
        pass
    vm.send_signal(signal.SIGTERM)
    print("SIGTERM:", vm.wait(rsp.DEADLINE), os.listdir(folder))
finally:
    vm.kill()
    vm.wait()
