// Finding a command by its words, and help.
#include "vmm/monitor/monitor.h"

#include <algorithm>

#include <fmt/format.h>

#include "vmm/host/version.h"
#include "vmm/monitor/families.h"

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;

namespace {

using monitor::Arguments;
using Words = std::vector<std::string_view>;

Words words_of(std::string_view line) {
  Words words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    // A format may follow a command's name without a space.
    if (words.empty()) end = std::min(end, line.find('/', at + 1));
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::string form_of(const MonitorCommand& command) {
  return fmt::format("{}{}{}", command.name, command.arguments.empty() ? "" : " ", command.arguments);
}

// The commands of several words that begin with this one; `info` says too little to be any of them.
std::string beginning_with(std::string_view word) {
  std::string text;
  for (const MonitorCommand& command : monitor_commands()) {
    const Words name = words_of(command.name);
    if (name.size() < 2 || name[0] != word || word == "info") continue;
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", form_of(command));
  }
  return text;
}

Result<> help(MonitorContext& context, Arguments) {
  std::string text;
  for (const MonitorCommand& command : monitor_commands()) {
    text += fmt::format("{:<38} {}\n", form_of(command), command.help);
  }
  context.print(text);
  return {};
}

Result<> version(MonitorContext& context, Arguments) {
  context.print(fmt::format("{}\n", version_text));
  return {};
}

constexpr MonitorCommand own_commands[] = {
    {"help", "", "this list", help},
    {"version", "", "gdbvm's version", version},
};

// How many words of the name the line begins with; 0 unless all of them.
std::size_t matches(std::string_view name, Arguments words) {
  const auto wanted = words_of(name);
  const bool all = words.size() >= wanted.size() && std::ranges::equal(wanted, words.first(wanted.size()));
  return all ? wanted.size() : 0;
}

struct Found {
  const MonitorCommand& command;
  Arguments arguments;
};
std::optional<Found> find(Arguments words) {
  for (const MonitorCommand& command : monitor_commands()) {
    if (const std::size_t count = matches(command.name, words)) return Found{command, words.subspan(count)};
  }
  if (words.size() > 1 && words[0] == "info") return find(words.subspan(1));
  return std::nullopt;
}

}  // namespace

std::span<const MonitorCommand> monitor_commands() {
  static const std::vector<MonitorCommand> all = [] {
    std::vector<MonitorCommand> commands(std::begin(own_commands), std::end(own_commands));
    for (const auto family :
         {monitor::run_commands(), monitor::cpu_commands(), monitor::descriptor_commands(), monitor::memory_commands(),
          monitor::page_table_commands(), monitor::device_commands(), monitor::keyboard_commands(),
          monitor::screen_commands(), monitor::dump_commands(), monitor::snapshot_commands(),
          monitor::history_commands(), monitor::coverage_commands()}) {
      commands.insert(commands.end(), family.begin(), family.end());
    }
    return commands;
  }();
  return all;
}

Result<> run_monitor_command(MonitorContext& context, std::string_view line) {
  const Words words = words_of(line);
  if (const auto found = find(words)) return found->command.run(context, found->arguments);
  if (words.empty()) return fail("no monitor command is given; `help` lists them all");
  const std::string near = beginning_with(words[0]);
  if (!near.empty()) return fail(fmt::format("unknown monitor command '{}'; there is {}", line, near));
  return fail(fmt::format("unknown monitor command '{}'; `help` lists them all", line));
}

}  // namespace gdbvm
