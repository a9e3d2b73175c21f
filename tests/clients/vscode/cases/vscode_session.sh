# VS Code stops at a breakpoint in the demo kernel: call stack, variables, debug console. SCREENSHOT=FILE keeps a picture.
# variants: vscode-session
# timeout: 180
tree=$(cd "$CLIENTS/../.." && pwd)
vscode-session "$tree" "${SCREENSHOT:-$WORK/screenshot.png}" 2>&1
