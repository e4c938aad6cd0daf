"""assay bounds --solve: the condition recomputed at both ends of every piece, and inside."""
import gmpy2
from gmpy2 import mpfr, exp, log

from . import instances, run
from .bounds_truths import truths
from .numbers import Truth, exactly, rational, real, relation_of

RANGES = {"n": ("1", "100000"), "d": ("1", "1000"), "sigma": ("1e-4", "50"), "delta": ("1e-9", "0.99999"), "epsilon": ("1e-6", "1e6"),
          "lambda": ("1e-9", "1e4"), "radius": ("1e-9", "1"), "C": ("1e-2", "30")}
BOUNDS = ["B", "perturbation_bound", "R_convex", "m", "eta", "T_hat", "D", "m_break", "Gamma_delta", "A_RH", "score_bound"]
INTEGERS = {"n", "d"}


def with_value(setting, variable, text):
    """The setting with the variable at a value; C is a constant of the table."""
    if variable != "C":
        return dict(setting, **{variable: text})
    return dict(setting, set=dict(setting.get("set", {}), **{"e0.C": text}))


def inside(rng, low, high, is_integer):
    """A value of [low, high] as text, spread over its logarithms."""
    if is_integer:
        low, high = int(rational(low)), int(rational(high))
        return str(min(high, max(low, int(exp(log(mpfr(low)) + rng.random() * (log(mpfr(high)) - log(mpfr(low))))))))
    a, b = log(real(low)), log(real(high))
    value = exp(a + mpfr(rng.random()) * (b - a))
    return "{0:.12e}".format(value) if real(low) < mpfr("{0:.12e}".format(value)) < real(high) else low


def truth_of(setting, variable, text, conditions):
    """'holds', 'fails', 'undefined', or None where the oracle cannot tell."""
    values = truths(with_value(setting, variable, text), False)
    answers = []
    for bound, relation, number in conditions:
        right = values[number] if number in values else exactly(real(number))
        if values[bound] is None or right is None:
            answers.append("undefined")
        else:
            answers.append({True: "holds", False: "fails", None: None}[relation_of(values[bound], relation, right)])
    for first in ("fails", "undefined", None):
        if first in answers:
            return first
    return "holds"


def question(rng):
    """A setting, a variable and one or two conditions that the bound meets somewhere."""
    setting = instances.bounds_setting(rng)
    setting.pop("rkhs-radius", None)
    variable = rng.choice(sorted(RANGES))
    if variable == "C":
        setting.pop("set", None)
    else:
        setting.pop(variable, None)
    conditions = []
    for _ in range(rng.choice([1, 1, 2])):
        bound, relation = rng.choice(BOUNDS), rng.choice(["<=", ">=", "<", ">"])
        value = truths(with_value(setting, variable, inside(rng, *RANGES[variable], variable in INTEGERS)), False)[bound]
        usable = value is not None and value.lo > 0 and gmpy2.is_finite(value.hi)
        number = "{0:.5e}".format(value.lo * mpfr(rng.choice([0.5, 1, 3]))) if usable else "1"
        if rng.random() < 0.15:
            bound, number = "m", "m_break"
        conditions.append((bound, relation, number))
    return setting, variable, conditions


def check_pieces(answer, setting, variable, conditions, rng, report):
    pieces = answer["pieces"]
    is_integer = variable in INTEGERS
    report.require(real(pieces[0]["from"]) == real(RANGES[variable][0]) and real(pieces[-1]["to"]) == real(RANGES[variable][1]),
                   "bounds --solve: the range", RANGES[variable], (pieces[0]["from"], pieces[-1]["to"]))
    for left, right in zip(pieces, pieces[1:]):
        gap = rational(right["from"]) - rational(left["to"])
        largest = 1 if is_integer else rational(left["to"]) * rational("1e-12")
        report.require((gap == 1) if is_integer else 0 <= gap <= largest, "bounds --solve: pieces follow each other", largest, gap)
        report.require(left["truth"] != right["truth"], "bounds --solve: pieces differ", left["truth"], right["truth"])
    for piece in pieces:
        if piece["truth"] == "undecided":
            report.undecided["bounds --solve"] += 1
            report.examples.setdefault("bounds --solve", report.command)
            continue
        for text in (piece["from"], piece["to"], inside(rng, piece["from"], piece["to"], is_integer),
                     inside(rng, piece["from"], piece["to"], is_integer)):
            expected = truth_of(setting, variable, text, conditions)
            report.counts["quantities"] += 1
            if expected is not None and expected != piece["truth"]:
                report.discrepancy("bounds --solve: %s = %s" % (variable, text), expected, piece["truth"])


def check_one(program, rng, report):
    setting, variable, conditions = question(rng)
    more = ["--solve", variable, "--between", "%s:%s" % RANGES[variable]]
    for bound, relation, number in conditions:
        more += ["--such-that", "%s%s%s" % (bound, relation, number)]
    answer = run.bounds(program, setting, more=more)
    report.command = answer.line()
    report.instance = "bounds --solve"
    report.counts["inverse questions"] += 1
    if answer.json is None:
        report.discrepancy("bounds --solve: no answer", "an answer", "exit status %s: %s" % (answer.status, answer.error[-300:]))
        return
    found = answer.json["answers"][0]
    report.require(answer.status == (0 if found["complete"] else 3), "bounds --solve: exit status", found["complete"], answer.status)
    if found["monotone"]:
        report.counts["monotone answers"] += 1
        report.require(len(found["pieces"]) <= 2 or len(conditions) > 1, "bounds --solve: monotone", "one change", found["pieces"])
    check_pieces(found, setting, variable, conditions, rng, report)
