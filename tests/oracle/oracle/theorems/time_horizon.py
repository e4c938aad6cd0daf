"""time_horizon (E4): gradient descent is run again at 72 digits from the same doubles with the same step, with the split of every step.

    (i) max_r |w_r(tau) - w_r(0)| <= D    (ii) |e(tau+1)|^2 <= (1 - r/2) |e(tau)|^2, r = m eta lambda    (iii) C_0 .. C_3 over r |e|^2
"""
import re

from gmpy2 import exp, is_finite, log, log1p, mpfr, sqrt

from .. import shared
from ..descent import Descent, bits_for
from ..instances import nearest_double
from ..numbers import INF, Truth, about, at_least, exactly, precision, rational, real, widened

SECONDS = 2.0  # of processor time for one run at 72 digits
TERMS = {"C0_ratio": ("c0", True), "C1_ratio": ("c1", False), "C2_ratio": ("c2", True), "C3_ratio": ("c3", False),
         "clean_C1_ratio": ("clean_c1", False), "clean_C2_ratio": ("clean_c2", True)}


def monotone(function, truth):
    """The truth of a monotone function of a truth."""
    ends = [function(truth.lo), function(truth.hi)]
    return widened(min(ends), max(ends))


class Run:
    """What is true of the run, which ends where the loss is at most epsilon: `whole` if it was simulated to its end; `reached` at step
    `steps`, else the limit of steps."""

    def __init__(self, instance, eta):
        epsilon = mpfr(rational(instance.epsilon))
        self.descent = Descent(instance, eta, bits_for(instance))
        self.whole = self.descent.run(instance.steps, SECONDS, until=epsilon, split=True)
        self.reached = self.descent.losses[-1] <= epsilon
        self.first = self.steps = self.descent.steps


def exact_step(finding, instance, report):
    """The exact step of the run: a double; with --eta the nearest one."""
    found = finding.quantity("eta")
    if found is None or found.not_applicable or not is_finite(found.lo) or not is_finite(found.hi):
        return None
    step = float(found.lo) if found.lo == found.hi or found.lo <= float(found.lo) <= found.hi else float(found.hi)
    expected = step if instance.eta is None else nearest_double(instance.eta)
    known = report.require(expected > 0 and found.lo <= expected <= found.hi, "%s: eta" % finding.theorem,
                           "a double above 0" if instance.eta is None else expected, found)
    return mpfr(expected) if known else None


def over_the_run(run, values, errors=None):
    """The truth of the largest of the values: known from below only where the simulation was cut short."""
    errors = errors or [mpfr(0)] * len(values)
    margin = mpfr(2) ** -150 * max(abs(v) for v in values)
    lo = about(max(v - error for v, error in zip(values, errors)), margin).lo
    hi = about(max(v + error for v, error in zip(values, errors)), margin).hi
    return Truth(lo, hi if run.whole else INF)


def quotient_error(value, of_numerator, denominator, of_denominator):
    """Absolute error of value = numerator / denominator; INF where the denominator may be 0."""
    return (of_numerator + value * of_denominator) / (denominator - of_denominator) if denominator > of_denominator else INF


def check(instance, finding, report):
    with precision(bits_for(instance)):
        _check(instance, finding, report)


def _check(instance, finding, report):
    lam = shared.lambda_min(instance)
    largest = max(mpfr(instance.gram()[i][i]) for i in range(instance.n))
    report.claim(finding, "inputs_in_unit_ball", about(sqrt(largest)), exactly(1), statement=instance.in_unit_ball())
    positive = lam.lo > 0
    report.claim(finding, "lambda_positive", lam, exactly(0))
    _closed_forms(instance, finding, report, lam)
    eta = exact_step(finding, instance, report)
    if eta is None or not positive:
        return
    run = Run(instance, eta)
    rate = lam * (instance.m * eta)
    _observed(instance, finding, report, run)
    allowed = widened(1 - rate.hi / 2, 1 - rate.lo / 2)
    report.quantity(finding, "allowed_contraction", allowed)
    if run.steps == 0:
        for name in list(TERMS) + ["largest_contraction", "largest_move"]:
            report.undefined(finding, name, "no step was run")
        _notes_of_terms(instance, finding, report, {})
        report.no_claim_may_fail(finding, "no step was run")
        return
    _terms(instance, finding, report, run, rate)
    _claims(instance, finding, report, run, allowed, lam)


def _closed_forms(instance, finding, report, lam):
    """T_paper, eta_paper, c_T_least, and what is said of the horizon."""
    e0 = _initial_residual(instance)
    if lam.lo <= 0 or instance.sigma is None:
        return
    forms = [instance.forms(v, e0) for v in (lam.lo, lam.hi)]
    report.claim(finding, "logits_at_most_B", about(max(abs(v) for v in instance.network().exact_logits[0])) if instance.n == 1 else
                 about(mpfr(instance.network().largest_logit())), about(forms[0].B()))
    report.quantity(finding, "eta_paper", widened(*sorted(f.eta() for f in forms)))
    epsilon, samples = mpfr(rational(instance.epsilon)), forms[0].samples
    no_step = rational(instance.epsilon) >= instance.size  # none is asked for
    horizon = exactly(0) if no_step else widened(*sorted(f.horizon() for f in forms))
    report.quantity(finding, "T_paper", horizon)
    rates = [f.width() * f.eta() * f.lam for f in forms]
    enough = e0 * e0 <= epsilon
    if enough:
        report.quantity(finding, "c_T_least", exactly(0))
    if max(rates) >= 2:
        if not enough:
            report.undefined(finding, "c_T_least", "m eta lambda / 2 >= 1")
        return
    _horizon_follows(finding, report, e0, epsilon, horizon, rates)
    if enough:
        return
    if no_step:
        report.undefined(finding, "c_T_least", "the statement asks for no step, epsilon >= nd, and the loss is above epsilon")
        return
    need = [log(e0 * e0 / epsilon) * r / (log(samples / epsilon) * -log1p(-r / 2)) for r in rates]
    report.quantity(finding, "c_T_least", widened(min(need), max(need)))
    follows = [mpfr(rational(instance.set.get("e4.multiplier", "1"))) >= v for v in need]
    _note(finding, report, "statement's own", "do bring the loss below", "certainly do not bring", follows[0] if follows[0] == follows[1] else None)


def _horizon_follows(finding, report, e0, epsilon, horizon, rates):
    """log(e0^2 / epsilon) <= T_hat * -log(1 - m eta lambda / 2)."""
    if e0 > 0 and max(rates) < 2:
        made = horizon * Truth(*sorted(-log1p(-r / 2) for r in rates))
        report.claim(finding, "horizon_follows", about(log(e0 * e0 / epsilon), mpfr(2) ** -190), made)


def _initial_residual(instance):
    """|F(0) - Y|_F."""
    return instance.network().residual_norm() if not instance.paired() else sqrt(sum((mpfr(v) ** 2 for row in instance.y for v in row), mpfr(0)))


def _note(finding, report, about_what, holds, fails, truth):
    """A note that says one thing or its contrary."""
    for note in finding.notes:
        if about_what not in note:
            continue
        report.counts["notes"] += 1
        if (truth is False and holds in note and fails not in note) or (truth is True and fails in note):
            report.discrepancy("time_horizon: a note", "that it is %s" % truth, note)


def _observed(instance, finding, report, run):
    """T_observed, T_cert and the number of steps that the notes speak of."""
    if run.reached:
        report.quantity(finding, "T_observed", exactly(run.first))
    else:
        report.quantity(finding, "T_observed", Truth(mpfr(run.steps + 1), INF))
    cert = finding.quantity("T_cert")
    if cert is None or cert.not_applicable:
        return
    first = run.first if run.reached else run.steps + 1
    report.require(cert.hi >= first, "time_horizon: T_cert", "at least %d: the loss is above epsilon before" % first, cert)
    if is_finite(cert.hi) and cert.hi > run.steps and cert.hi < 5000:
        extra = Descent(instance, run.descent.eta, run.descent.bits)
        if extra.run(int(cert.hi) + 5, SECONDS):
            late = max(extra.losses[int(cert.hi):])
            report.require(late <= mpfr(rational(instance.epsilon)), "time_horizon: T_cert", "loss at most epsilon from step %s on" % cert.hi,
                           "loss %.20g later" % late)
    for note in finding.notes:
        ran = re.search(r"was run for (\d+) steps", note)
        if ran and run.whole:
            early = any("The run ended early" in other for other in finding.notes)
            report.require(int(ran.group(1)) >= run.first or early, "time_horizon: a note", "at least %d steps" % run.first, note)
            report.require("still above" not in note or not run.reached, "time_horizon: a note", "a loss of at most epsilon at step %d" % run.first, note)


def _terms(instance, finding, report, run, rate):
    """The ratios of (iii): term over m eta lambda |e|^2, largest over the run."""
    splits = run.descent.splits
    truths = {}
    if any(s.squared == 0 for s in splits):
        return
    for name, (field, magnitude) in TERMS.items():
        values = [getattr(s, field) / s.squared for s in splits]
        values = [abs(v) for v in values] if magnitude else values
        top = over_the_run(run, values, [s.error / s.squared + abs(v) * run.descent.error_of_loss(tau) * 2 / s.squared
                                         for tau, (s, v) in enumerate(zip(splits, values))])
        truths[name] = _quotient(top, rate)
        report.quantity(finding, name, truths[name])
    _notes_of_terms(instance, finding, report, truths)


def _quotient(top, rate):
    """A truth of any sign over a positive one."""
    lo = top.lo / (rate.hi if top.lo >= 0 else rate.lo)
    hi = top.hi / (rate.lo if top.hi >= 0 else rate.hi) if is_finite(top.hi) else top.hi
    return widened(lo, hi)


def _notes_of_terms(instance, finding, report, truths):
    """What the notes say of |C_k| <= 0.1 ... and C_1 <= -1.6 ...; nothing is false at a step where no step was run."""
    for k, name in enumerate(("C0_ratio", "C1_ratio", "C2_ratio", "C3_ratio")):
        bound = -instance.constant("e4.C1") if k == 1 else instance.constant("e4.C_other")
        truth = truths.get(name)
        true = True if truth is None or truth.hi <= bound else False if truth.lo > bound else None
        _note(finding, report, "C_%d" % k, "holds at every", "certainly false", true)
        if truth is not None:
            report.claim(finding, "C_%d_bound" % k, truth, about(bound))


def _claims(instance, finding, report, run, allowed, lam):
    """The hypothesis on the run and the three claims."""
    losses, splits = run.descent.losses, run.descent.splits
    if allowed.hi < 0:  # a negative envelope: no square root, no powers that mean anything
        for name in ("linear_part_dominates", "loss_contracts", "loss_below_envelope"):
            node = finding.statement(name)
            report.require(node is None or node["verdict"] in ("not_applicable", "undecided") or
                           (node["verdict"] == "fails" and name != "loss_below_envelope"),
                           "time_horizon: %s" % name, "not applicable: 1 - m eta lambda / 2 < 0", node and node["verdict"])
        report.require(finding.verdict != "fail", "time_horizon: verdict", "not applicable: 1 - m eta lambda / 2 < 0", finding.verdict)
        return
    if any(v == 0 for v in losses[:-1]) or allowed.lo <= 0:
        return
    errors = [run.descent.error_of_loss(tau) for tau in range(len(losses))]
    linear = over_the_run(run, [(s.linear + s.rest) / sqrt(s.squared) for s in splits],
                          [s.error_of_norms / sqrt(s.squared) * (1 + (s.linear + s.rest) / sqrt(s.squared)) for s in splits])
    report.claim(finding, "linear_part_dominates", linear, monotone(sqrt, allowed))
    ratios = over_the_run(run, [b / a for a, b in zip(losses, losses[1:])],
                          [quotient_error(losses[t + 1] / losses[t], errors[t + 1], losses[t], errors[t]) for t in range(len(losses) - 1)])
    report.quantity(finding, "largest_contraction", ratios)
    report.claim(finding, "loss_contracts", ratios, allowed)
    shares = [[loss / (base ** tau * losses[0]) for tau, loss in enumerate(losses) if tau] for base in (allowed.hi, allowed.lo)]
    low, high = (over_the_run(run, values, [quotient_error(share, share * errors[tau] / losses[tau] if losses[tau] > 0 else INF, mpfr(1), errors[0] / losses[0])
                                            for tau, share in enumerate(values, 1)]) for values in shares)
    report.claim(finding, "loss_below_envelope", Truth(low.lo, high.hi), exactly(1))
    move = over_the_run(run, run.descent.moves[1:], [run.descent.error_of_move(tau) for tau in range(1, len(run.descent.moves))])
    report.quantity(finding, "largest_move", move)
    if instance.sigma is None:
        return
    forms = instance.forms(lam.lo)
    top = (forms.constant("e4.D_multiplier") * exp(forms.constant("e4.D_exponent") * forms.B()) * sqrt(forms.samples)
           * sqrt(losses[0]) / instance.m)
    allowed_move = widened(top / lam.hi, top / lam.lo)
    report.quantity(finding, "allowed_move", allowed_move)
    report.claim(finding, "weights_stay", move, allowed_move)
    ends = [instance.forms(v, sqrt(losses[0])) for v in (lam.lo, lam.hi)]
    report.claim(finding, "movement_within_region", widened(*sorted(f.movement() for f in ends)),
                 widened(*sorted(f.convex_radius() for f in ends)))
