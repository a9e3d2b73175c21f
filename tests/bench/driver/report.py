"""Medians, goals, the table of docs/performance.md, and the comparison with the previous run."""

import json
import statistics

COLUMNS = ["gdbvm", "qemu", "gdbserver", "bare", "loopback"]
TITLES = {"gdbvm": "gdbvm", "qemu": "QEMU", "gdbserver": "gdbserver", "bare": "bare ioctls", "loopback": "loopback"}
NOTABLE = 1.25  # a smaller change counts as noise


def medians(values):
    return {name: statistics.median(list_) for name, list_ in values.items() if list_}


def reference(goal, result):
    """The value that gdbvm is compared with; None if it was not measured."""
    if goal.subject is None:
        return 1.0
    parts = [result.get(name) for name in goal.subject.split("+")]
    return None if None in parts else sum(parts)


def reached(row, goal, result):
    base = reference(goal, result)
    if base is None or "gdbvm" not in result:
        return None
    limit = goal.factor * base + goal.more
    return result["gdbvm"] <= limit if row.better == "less" else result["gdbvm"] >= limit


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def verdict(row, goal, result):
    mark = {True: "reached", False: "missed", None: "not measured"}[reached(row, goal, result)]
    base = reference(goal, result)
    ratio = f", {result['gdbvm'] / base:.2g}x" if base and goal.subject and "gdbvm" in result else ""
    return f"{goal.text}: {mark}{ratio}"


def line(row, result):
    cells = []
    for column in COLUMNS:
        text = number(result[column]) if column in result else ""
        variants = [name for name in result if name.startswith(f"{column} ")]
        if variants:
            values = [f"{name.removeprefix(column).strip()}: {number(result[name])}" for name in variants]
            text += f" ({', '.join(values)})"
        cells.append(text)
    goals = "; ".join(verdict(row, goal, result) for goal in row.goals)
    return f"| {row.title} | {row.unit} | " + " | ".join(cells) + f" | {goals} |"


def table(rows, results):
    head = ["| | unit | " + " | ".join(TITLES[column] for column in COLUMNS) + " | goal |",
            "|---|---|" + "---:|" * len(COLUMNS) + "---|"]  # fmt: skip
    return "\n".join(head + [line(row, results[row.name]) for row in rows if row.name in results])


def slower(rows, results, before):
    """One sentence for each row in which gdbvm got slower, relative to another subject of the same run if possible."""
    for row in rows:
        now, then = results.get(row.name, {}), before.get(row.name, {})
        if not now.get("gdbvm") or not then.get("gdbvm"):  # not measured, or zero: CPU time of a stopped guest
            continue
        common = [name for name in now if name != "gdbvm" and name in then]
        scale = now[common[-1]] / then[common[-1]] if common else 1.0
        change = now["gdbvm"] / (then["gdbvm"] * scale)
        loss = change if row.better == "less" else 1 / change
        if loss > NOTABLE:
            measured_by = f", by {common[-1]} of the same run" if common else ""
            yield f"{row.name}: {number(then['gdbvm'])} -> {number(now['gdbvm'])} {row.unit}: {loss:.2f}x slower{measured_by}"


def load(path):
    try:
        with open(path, encoding="ascii") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def save(path, results):
    rounded = {row: {name: float(f"{value:.4g}") for name, value in result.items()} for row, result in results.items()}
    with open(path, "w", encoding="ascii") as file:
        json.dump(rounded, file, indent=1, sort_keys=True)
        file.write("\n")


def put_between_marks(path, text):
    """Replaces the text between the two comment lines of the document."""
    begin, end = "<!-- tools/bench -->\n", "<!-- end -->\n"
    with open(path, encoding="utf-8") as file:
        before, _, rest = file.read().partition(begin)
        _, _, after = rest.partition(end)
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + begin + text + "\n" + end + after)
