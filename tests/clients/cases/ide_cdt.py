# tools/ide for VS Code with CDT GDB and for Neovim: their configurations, run by the adapter that they name.
# variants: cdt-gdb-adapter
# needs: lua5.4
# timeout: 60
import json
import os
import subprocess
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from ide import Ide, must  # noqa: E402
from ide_files import PORT, Server, WORKSPACE, parsed_json, text  # noqa: E402

# What nvim-dap would find in the module: a stub of it, and its tables as JSON.
LUA = """
local stub = { adapters = {}, configurations = {} }
package.preload['dap'] = function() return stub end
dofile('gdbvm.lua')
local function json(value)
  if type(value) ~= 'table' then return type(value) == 'string' and string.format('%q', value) or tostring(value) end
  local parts = {}
  for key, each in pairs(value) do
    parts[#parts + 1] = #value > 0 and json(each) or string.format('%q', key) .. ':' .. json(each)
  end
  return #value > 0 and '[' .. table.concat(parts, ',') .. ']' or '{' .. table.concat(parts, ',') .. '}'
end
print(json(stub.configurations.c))
"""


def debug(configuration):
    print("===", configuration["name"], flush=True)
    arguments = {key: value for key, value in configuration.items() if key not in ("name", "type", "request", "gdb")}
    ide = Ide(configuration["request"], **arguments)
    ide.request("setFunctionBreakpoints", breakpoints=[{"name": "run_task"}])
    ide.request("configurationDone")
    must(ide.stopped("function breakpoint")["name"] == "run_task", "the breakpoint is hit")
    ide.request("disconnect")
    ide.close()


cdt = [each for each in parsed_json("vscode/launch.json")["configurations"] if each["type"] == "gdbtarget"]
debug(cdt[0])
server = Server(["gdbvm", "--gdb", f"127.0.0.1:{PORT}", "--on-detach", "quit", WORKSPACE + "/kernel.elf"], "listening on")
debug(cdt[1])
print("gdbvm ended with", server.end())

with open("gdbvm.lua", "w") as file:
    file.write(text("neovim/gdbvm.lua"))
output = subprocess.run(["lua5.4", "-e", LUA], check=True, stdout=subprocess.PIPE, text=True).stdout
debug(json.loads(output)[0])
