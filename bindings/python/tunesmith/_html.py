"""How studies, trials and spaces look in a notebook. Tables without style of their own: the notebook has one."""

import html

_MAX_ROWS = 10


def _text(value):
    if isinstance(value, float):
        return f"{value:.6g}"
    return html.escape(str(value))


def _table(head, rows):
    cells = "".join(f"<th>{_text(name)}</th>" for name in head)
    lines = "".join("<tr>" + "".join(f"<td>{_text(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def space(self):
    rows = []
    for parameter in self.parameters:
        if parameter.choices:
            values = ", ".join(str(choice) for choice in parameter.choices)
        else:
            values = f"{_text(parameter.min)} … {_text(parameter.max)}"
            if parameter.step:
                values += f", step {_text(parameter.step)}"
        when = " and ".join(
            f"{name} in {', '.join(str(value) for value in values)}" for name, values in parameter.when.items()
        )
        rows.append((parameter.name, parameter.type, values, parameter.scale or "", when))
    words = "".join(f"<p><code>{_text(constraint)}</code></p>" for constraint in self.constraints)
    return _table(("parameter", "type", "values", "scale", "when"), rows) + words


def trial(self):
    value = "" if self.value is None else f", {_text(self.value)}"
    head = f"<p>Trial {self.number}: {_text(self.state)}{value}</p>"
    reason = f"<pre>{_text(self.reason)}</pre>" if self.reason else ""
    return head + _table(self.params, [self.params.values()]) + reason


def study(self):
    trials = self.trials
    states = {}
    for each in trials:
        states[each.state] = states.get(each.state, 0) + 1
    counts = ", ".join(f"{count} {state}" for state, count in states.items()) or "no trials"
    problem = getattr(self, "core", self).problem
    goals = ", ".join(f"{goal} {metric}" for metric, goal in problem.objectives.items())
    sign = -1 if next(iter(problem.objectives.values())) == "maximize" else 1
    ranked = sorted((each for each in trials if each.value is not None), key=lambda each: sign * each.value)
    names = list(dict.fromkeys(name for each in ranked[:_MAX_ROWS] for name in each.params))
    rows = [
        (each.number, each.state, each.value, *(each.params.get(name, "") for name in names))
        for each in ranked[:_MAX_ROWS]
    ]
    title = f"<p><b>{_text(getattr(self, 'name', 'study'))}</b>: {_text(goals)}; {_text(counts)}</p>"
    return title + (_table(("trial", "state", "value", *names), rows) if rows else "")
