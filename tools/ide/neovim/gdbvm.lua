-- nvim-dap: debug a guest in gdbvm through Eclipse CDT's adapter (npm install --global cdt-gdb-adapter) or LLVM's own.
local dap = require('dap')

dap.adapters.gdbtarget = { type = 'executable', command = 'cdtDebugTargetAdapter' }
dap.adapters.lldb = { type = 'executable', command = 'lldb-vscode-14' }

local image = '${workspaceFolder}/kernel.elf'

dap.configurations.c = {
  {
    name = 'gdbvm',
    type = 'gdbtarget',
    request = 'launch',
    program = image,
    gdb = 'gdb',
    target = {
      server = 'gdbvm',
      serverParameters = { '--gdb', '127.0.0.1:0', '--on-detach', 'quit', image },
      serverPortRegExp = 'listening on 127[.]0[.]0[.]1:([0-9]+)',
    },
  },
  {
    name = 'gdbvm, a machine that is already running (LLDB)',
    type = 'lldb',
    request = 'attach',
    program = image,
    stopOnEntry = true,
    attachCommands = { 'gdb-remote 127.0.0.1:1234' },
  },
}
dap.configurations.cpp = dap.configurations.c
dap.configurations.rust = dap.configurations.c
