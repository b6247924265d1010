"""The kit passes good stores in Python, and catches broken ones; studies that live in them."""

import threading
import time

import pytest
import tunesmith
from kit_results import broken_checks
from tunesmith.testing import check_store


class Memory(tunesmith.Store):
    """A dict of lists behind a lock."""

    def __init__(self):
        super().__init__()
        self.lock = threading.Condition()
        self.names, self.problems, self.logs, self.leases = {}, {}, {}, {}

    def log(self, study):
        if study not in self.logs:
            raise tunesmith.Error("invalid_argument", f"there is no study {study}")
        return self.logs[study]

    def generation(self, study):
        return sum(tunesmith.moves_generation(stored.event.kind) for stored in self.log(study))

    def open_attempt(self, study, trial):
        attempt = None
        for stored in self.log(study):
            if stored.event.trial == trial and tunesmith.opens_attempt(stored.event.kind):
                attempt = stored.event.attempt
            elif stored.event.trial == trial and stored.event.kind == "finished":
                attempt = None
        return attempt

    def open_study(self, name, problem_json):
        with self.lock:
            if name in self.names:
                return tunesmith.OpenedStudy(self.names[name], False, self.problems[self.names[name]])
            if not problem_json:
                raise tunesmith.Error("invalid_argument", f"there is no study named {name!r}")
            key = max(self.problems, default=0) + 1
            self.names[name], self.problems[key], self.logs[key] = key, problem_json, []
            return tunesmith.OpenedStudy(key, True, problem_json)

    def events_since(self, study, after, limit):
        with self.lock:
            return self.log(study)[after : after + limit]

    def allowed(self, study, precondition):
        if precondition.kind == "generation":
            return "ok" if precondition.generation == self.generation(study) else "stale"
        if precondition.kind == "attempt_open":
            attempt = self.open_attempt(study, precondition.trial)
            return "ok" if attempt == precondition.attempt else "fenced"
        return "ok"

    def append(self, study, events, precondition):
        with self.lock:
            log = self.log(study)
            status = self.allowed(study, precondition)
            first = len(log) + 1
            if status == "ok":
                log.extend(tunesmith.StoredEvent(first + i, event) for i, event in enumerate(events))
                self.lock.notify_all()
            return tunesmith.AppendResult(status, first=first, generation=self.generation(study))

    def holder(self, study):
        self.log(study)
        owner, until = self.leases.get(study, ("", 0))
        return owner if until > time.monotonic() else ""

    def lease(self, study, owner, ttl):
        with self.lock:
            if self.holder(study) not in ("", owner):
                return tunesmith.LeaseResult(False, self.holder(study))
            self.leases[study] = owner, time.monotonic() + ttl
            return tunesmith.LeaseResult(True, owner)

    def release(self, study, owner):
        with self.lock:
            if self.holder(study) == owner:
                del self.leases[study]

    def wait(self, study, after, timeout):
        with self.lock:
            self.log(study)
            self.lock.wait_for(lambda: len(self.logs.get(study, ())) > after, timeout)

    def list(self):
        with self.lock:
            return [
                tunesmith.StudyInfo(key, name, events=len(self.logs[key]), holder=self.holder(key))
                for name, key in self.names.items()
            ]

    def remove(self, study):
        with self.lock:
            if self.holder(study):
                raise tunesmith.Error("store_busy", f"{self.holder(study)} tunes study {study}")
            del self.logs[study]
            self.names = {name: key for name, key in self.names.items() if key != study}


class AlwaysAppends(Memory):
    def allowed(self, study, precondition):
        return "ok"


class TakesHalf(Memory):
    """Appends the first event before it sees that the second one is of no use."""

    def append(self, study, events, precondition):
        if len(events) > 1 and self.allowed(study, precondition) != "ok":
            super().append(study, events[:1], tunesmith.Precondition())
        return super().append(study, events, precondition)


class Rounds(Memory):
    def append(self, study, events, precondition):
        rounded = [
            tunesmith.Event(
                e.kind, e.trial, e.attempt, e.resource, float(f"{e.value:.6g}"), e.time, e.metric, e.payload
            )
            for e in events
        ]
        return super().append(study, rounded, precondition)


class LeasesToAll(Memory):
    def lease(self, study, owner, ttl):
        return tunesmith.LeaseResult(True, owner)


class CountsFromZero(Memory):
    def append(self, study, events, precondition):
        result = super().append(study, events, precondition)
        return tunesmith.AppendResult(result.status, first=result.first - 1, generation=result.generation)


def test_good_stores_pass(tmp_path):
    homeless = check_store(Memory)
    assert homeless.holds, homeless.report()
    number = iter(range(1000))
    places = []

    def make():
        places.append(f"sqlite:{tmp_path}/{next(number)}.db")
        return tunesmith.open_store(places[-1])

    result = check_store(make, reopen=lambda: tunesmith.open_store(places[-1]))
    assert result.holds, result.report()
    assert len(result.checks) > len(homeless.checks)


@pytest.mark.parametrize("store", [AlwaysAppends, TakesHalf, Rounds, LeasesToAll, CountsFromZero])
def test_broken_stores_are_caught(store):
    assert broken_checks(check_store(store))


def test_damage_that_is_read_silently_is_caught(tmp_path):
    """A place is a list in the process; damage takes a problem away, which nobody notices."""
    stores = []

    def make():
        stores.append(Memory())
        return stores[-1]

    def damage(number):
        stores[-1].logs = {key: log[:-1] for key, log in stores[-1].logs.items()}
        return number == 0

    assert broken_checks(check_store(make, reopen=lambda: stores[-1], damage=damage))


def test_a_study_lives_in_a_store_of_ones_own():
    store = Memory()
    space = tunesmith.Space().add_float("x", -1, 1)
    study = tunesmith.tune(lambda p: p["x"] ** 2, space, 10, store=store)
    again = tunesmith.tune(lambda p: p["x"] ** 2, space, 20, store=store)
    whole = tunesmith.tune(lambda p: p["x"] ** 2, space, 20)
    study.refresh()
    assert len(study.trials) == len(again.trials) == 20
    assert [trial.params for trial in again.trials] == [trial.params for trial in whole.trials]
    assert len(tunesmith.read_study(store, "study")) == 20
    executor = tunesmith.thread_pool_executor(
        lambda run, reporter: reporter.report(1, run.params["x"]) and None, max_parallel=4
    )
    assert len(tunesmith.Tuner(again, executor, max_trials=60).run().view) == 60
    assert [info.holder for info in store.list()] == [""]


def test_what_a_store_raises_arrives_as_it_was_raised():
    class Full(Memory):
        full = False

        def append(self, study, events, precondition):
            if self.full:
                raise tunesmith.Error("store_unavailable", "the disk is full")
            return super().append(study, events, precondition)

        def events_since(self, study, after, limit):
            if self.full == "worse":
                raise LookupError("gone")
            return super().events_since(study, after, limit)

    store = Full()
    study = tunesmith.Study("s", tunesmith.Space().add_float("x", 0, 1), metric="loss", strategy="random", store=store)
    run = study.ask()
    store.full = True
    with pytest.raises(tunesmith.Error, match="the disk is full") as raised:
        study.tell(run, 0.5)
    assert raised.value.code == "store_unavailable"
    assert any(entry.name == "append" for entry in raised.traceback)
    store.full = "worse"
    with pytest.raises(LookupError, match="gone"):
        study.refresh()
    store.full = False
    assert study.tell(run, 0.5) == "accepted"

    def objective(run, reporter):
        store.full = True
        return 1.0

    with pytest.raises(tunesmith.Error, match="the disk is full"):
        tunesmith.Tuner(study, tunesmith.thread_pool_executor(objective), max_trials=9).run()


def test_wrong_answers_of_a_store_are_named():
    class Vague(Memory):
        def open_study(self, name, problem_json):
            return 1

    space = tunesmith.Space().add_float("x", 0, 1)
    with pytest.raises(TypeError, match=r"open_study\(\) must return a tunesmith.OpenedStudy, not int"):
        tunesmith.Study("s", space, metric="loss", store=Vague())
    with pytest.raises(TypeError, match="tunesmith.Store or the URL of one, not int"):
        tunesmith.Study("s", space, metric="loss", store=3)
    with pytest.raises(NotImplementedError, match="open_study"):
        tunesmith.Study("s", space, metric="loss", store=tunesmith.Store())
    with pytest.raises(ValueError, match="fine"):
        tunesmith.AppendResult("fine")
    with pytest.raises(ValueError, match="kind of event"):
        tunesmith.Event("nothing")
