"""What the oracle compares and finds: discrepancies, counts, and the checks that every finding of the program must pass."""
import os
from collections import Counter

import gmpy2
from gmpy2 import mpfr

from .numbers import ANYTHING, as_interval, log10, parse_found, refutes, relation_of, relation_printed, shown


class Finding:
    """One theorem's finding in the program's JSON."""

    def __init__(self, node):
        self.node = node
        self.theorem = node["theorem"]
        self.verdict = node["verdict"]
        self.claims = {c["id"]: c for c in node["claims"]}
        self.hypotheses = {c["id"]: c for c in node["hypotheses"]}
        self.remarks = {c["id"]: c for c in node.get("remarks", [])}
        self.quantities = node["quantities"]
        self.notes = node.get("notes", [])

    def quantity(self, name):
        """Found, or None if it is not printed."""
        return parse_found(self.quantities[name]) if name in self.quantities else None

    def network_file(self, name):
        """The weights of the claim's explicit network, rows of floats, or None if none was saved."""
        path = (self.statement(name) or {}).get("counterexample")
        if not path or not os.path.exists(path):
            return None
        with open(path) as file:
            return [[float(v) for v in line.split(",")] for line in file if line.strip()]

    def statement(self, name):
        """The JSON of the claim, hypothesis or remark, or None."""
        return self.claims.get(name) or self.hypotheses.get(name) or self.remarks.get(name)


class Report:
    """Collects the comparisons of one instance; `merge` joins those of several."""

    def __init__(self, instance="", command=""):
        self.instance, self.command = instance, command
        self.counts = Counter()
        self.discrepancies = []
        self.undecided = Counter()
        self.examples = {}  # of each undecided claim, one command

    def merge(self, other):
        self.counts.update(other.counts)
        self.discrepancies += other.discrepancies
        self.undecided.update(other.undecided)
        for name, command in other.examples.items():
            self.examples.setdefault(name, command)

    def discrepancy(self, what, expected, found):
        """One line: what, expected, found, on which instance, by which command."""
        self.discrepancies.append({"what": what, "expected": str(expected), "found": str(found), "instance": self.instance,
                                   "command": self.command})

    def require(self, condition, what, expected, found):
        """A discrepancy unless the condition is true."""
        self.counts["conditions"] += 1
        if not condition:
            self.discrepancy(what, expected, found)
        return condition

    def number(self, what, found, truth):
        """A printed number against a truth (an interval known to contain the true value)."""
        if found is None:
            return
        self.counts["quantities"] += 1
        if found.not_applicable:
            self.counts["not defined"] += 1
            return
        why = refutes(truth, found)
        if why:
            self.discrepancy(what, _side(truth, 60), "%s: %s" % (found, why))

    def quantity(self, finding, name, truth):
        """A quantity of a finding; a missing one is not a discrepancy."""
        self.number("%s: %s" % (finding.theorem, name), finding.quantity(name), truth)

    def undefined(self, finding, name, why):
        """The quantity is not defined on this instance: only "not_applicable" or the whole line is right."""
        found = finding.quantity(name)
        if found is None:
            return
        self.counts["quantities"] += 1
        empty = found.not_applicable or (found.lo == -gmpy2.mpfr("inf") and found.hi == gmpy2.mpfr("inf"))
        if not empty:
            self.discrepancy("%s: %s" % (finding.theorem, name), "not applicable: " + why, found)

    def claim(self, finding, name, lhs=ANYTHING, rhs=ANYTHING, statement=None, vacuous=None, trivially=None):
        """A claim (or hypothesis) against the truths of its sides.

        statement: the truth of the sentence itself if the sides do not decide it (True, False); vacuous: the truth of that flag.
        """
        node = finding.statement(name)
        if node is None:
            return
        what = "%s: %s" % (finding.theorem, name)
        if node["verdict"] == "not_applicable":
            self.counts["claims not applicable"] += 1
            return
        self.counts["claims"] += 1
        for side, truth in (("lhs", lhs), ("rhs", rhs)):
            if truth is ANYTHING:
                continue
            why = refutes(truth, parse_found(node[side]))
            if why:
                self.discrepancy("%s (%s)" % (what, side), _side(truth, 60), "%s: %s" % (parse_found(node[side]), why))
        true = relation_of(lhs, node["relation"], rhs) if statement is None else statement
        verdict = node["verdict"]
        if (verdict == "holds" and true is False) or (verdict == "fails" and true is True):
            self.discrepancy(what, "the statement is %s: %s %s %s" % (str(true).lower(), _side(lhs), node["relation"], _side(rhs)),
                             "%s with %s %s %s" % (verdict, parse_found(node["lhs"]), node["relation"], parse_found(node["rhs"])))
        if verdict == "undecided":
            name = what + (" (truth unknown)" if true is None else " (is %s)" % str(true).lower())
            self.undecided[name] += 1
            self.examples.setdefault(name, "[%s] %s" % (self.instance, self.command))
        if vacuous is not None and bool(node["vacuous"]) != vacuous:
            self.discrepancy(what + " (vacuous)", vacuous, node["vacuous"])

    def count_undecided(self, finding):
        """Undecided hypotheses and claims that were not compared."""
        for name, node in [*finding.hypotheses.items(), *finding.claims.items()]:
            what = "%s: %s" % (finding.theorem, name)
            if node["verdict"] == "undecided" and not any(known.startswith(what + " (") for known in self.undecided):
                self.undecided[what + " (not compared)"] += 1
                self.examples.setdefault(what + " (not compared)", "[%s] %s" % (self.instance, self.command))

    def no_claim_may_fail(self, finding, reason):
        """The theorem's conclusion is true (or not applicable): no claim of it may be said to fail."""
        for name, node in finding.claims.items():
            self.require(node["verdict"] != "fails", "%s: %s" % (finding.theorem, name), reason, "fails")


def _side(truth, digits=12):
    return "[%s, %s]" % (shown(truth.lo, digits), shown(truth.hi, digits))


def consistency(report, finding):
    """What every finding has to obey whatever its theorem: verdicts follow from the printed sides, the theorem's from its claims'."""
    for name, node in [*finding.hypotheses.items(), *finding.claims.items(), *finding.remarks.items()]:
        _claim_consistency(report, finding, name, node)
    hypotheses = [c["verdict"] for c in finding.hypotheses.values()]
    claims = [c["verdict"] for c in finding.claims.values()]
    expected = _outcome(hypotheses, claims)
    report.require(finding.verdict == expected, "%s: verdict of the theorem" % finding.theorem,
                   "%s from hypotheses %s, claims %s" % (expected, hypotheses, claims), finding.verdict)
    for name, node in finding.quantities.items():
        found = parse_found(node)
        if found.not_applicable:
            continue
        report.require(not (found.lo > found.hi), "%s: %s" % (finding.theorem, name), "lo <= hi", found)
        if gmpy2.is_infinite(found.lo) and found.lo == found.hi:
            report.discrepancy("%s: %s" % (finding.theorem, name), "an enclosure: both ends are infinite", found)


def _outcome(hypotheses, claims):
    """A hypothesis that fails or is not defined leaves nothing to say; one that is undecided leaves all open, even a claim that fails."""
    if "fails" in hypotheses or "not_applicable" in hypotheses:
        return "not_applicable"
    if "undecided" in hypotheses:
        return "inconclusive"
    if "fails" in claims:
        return "fail"
    if all(c == "not_applicable" for c in claims):
        return "not_applicable"
    return "inconclusive" if "undecided" in claims else "pass"


def _claim_consistency(report, finding, name, node):
    what = "%s: %s" % (finding.theorem, name)
    if node["verdict"] == "not_applicable":
        report.require(node.get("reason") or node.get("not_applicable"), what + " (reason)", "a reason", "none")
        return
    lhs, rhs = parse_found(node["lhs"]), parse_found(node["rhs"])
    if lhs.not_applicable or rhs.not_applicable:
        return
    printed = relation_printed(lhs, node["relation"], rhs)
    report.require(node["verdict"] == {True: "holds", False: "fails", None: "undecided"}[printed], what + " (verdict from the printed sides)",
                   {True: "holds", False: "fails", None: "undecided"}[printed], "%s with %s %s %s" % (node["verdict"], lhs, node["relation"], rhs))
    upward = node["relation"] in ("<=", "<")
    small, large = (as_interval(lhs), as_interval(rhs)) if upward else (as_interval(rhs), as_interval(lhs))
    if small.hi > 0 and large.lo > 0 and small.lo >= 0 and gmpy2.is_finite(small.hi) and gmpy2.is_finite(large.hi):
        bound = log10(large.lo) - log10(small.hi)  # proved
        slack = mpfr(node["slack_log10"])
        if node["verdict"] == "holds" and bound < 1e6:
            report.require(abs(slack - bound) <= 1e-6 + abs(bound) * 1e-12, what + " (slack)", shown(bound), node["slack_log10"])


def exit_status(report, answer, findings, interface=True):
    """0 nothing failed or undecided, 1 a claim certainly fails, 3 undecided or nothing decided at all."""
    verdicts = [f.verdict for f in findings]
    if not verdicts:
        return
    expected = (1 if "fail" in verdicts else 3 if "inconclusive" in verdicts or all(v == "not_applicable" for v in verdicts) else 0)
    report.require(answer.status == expected, "exit status", "%d from verdicts %s" % (expected, verdicts), answer.status)


def overlap(report, what, one, other):
    """Two Founds of the same number (other tier, precision or threads) must meet."""
    if one is None or other is None or one.not_applicable or other.not_applicable:
        return
    report.counts["overlaps"] += 1
    a, b = as_interval(one), as_interval(other)
    if a.hi < b.lo or b.hi < a.lo:
        report.discrepancy(what + " (two runs)", "overlapping enclosures", "%s and %s" % (one, other))
