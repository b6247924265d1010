"""What the trials of a DynamicStudy ask for, and what the study knows by these names."""

from . import _learned_space


def label_of(value):
    """A choice as the core knows it: texts, numbers and bools as they are, whatever else by its text."""
    return value if isinstance(value, (str, int, float, bool)) else str(value)


class Vocabulary:
    def __init__(self):
        # JSON forms by name, as in the space.
        self.forms = {}
        # By name the request that is known to mean exactly the form: what most calls find.
        self.requests = {}
        # (name, label) -> the choice that the objective gave.
        self.objects = {}
        self._settled = {}

    def form(self, name, request):
        """The known form of a parameter, or None, and the one that is asked for."""
        form = self._settled.get((name, request))
        if form is None:
            form = self._settled[name, request] = self._form_of(name, request)
        known = self.forms.get(name)
        if known is not None and known["type"] != form["type"]:
            raise ValueError(f"{name} is a parameter of type {known['type']} already, not {form['type']}")
        return known, form

    def _form_of(self, name, request):
        if request[0] == "categorical":
            labels = [label_of(choice) for choice in request[1]]
            for label, choice in zip(labels, request[1]):
                if label is not choice:
                    self.objects[name, label] = choice
            return _learned_space.parameter(name, "categorical", choices=labels)
        kind, low, high, step, log, scale = request
        if log and scale not in (None, "log"):
            raise ValueError(f"{name}: log=True and scale={scale!r} contradict each other")
        scale = scale or ("log" if log else "linear")
        return _learned_space.parameter(name, kind, low=low, high=high, step=step, scale=scale)
