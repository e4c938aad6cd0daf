"""E0: with probability at least 1 - delta every logit is at most B = max{C sigma sqrt(log(nd/delta)), 1}.

    P(fail) = 1 - (1 - pi)^{m/2}, pi = P(|<w, x_i>| > B for some i); m_break = 2 log(1-delta) / log(1-pi)
Odd m: (m-1)/2 pairs and one neuron more, so (m+1)/2 independent weight vectors.
"""
import gmpy2
from gmpy2 import mpfr, exp, log1p

from .. import shared, tails
from ..numbers import INF, Truth, about, exactly, real


def vectors(instance):
    """Independent weight vectors among m neurons."""
    return (instance.m + 1) // 2


def failure(instance, bound, count):
    """P(some logit exceeds the bound) with `count` independent weight vectors."""
    return tails.in_some_trial(shared.event_of_pair(instance, bound), mpfr(count))


def paper_width(instance):
    """Width of Theorem 4.2 at lambda_min(H(W)) as a truth; [0, inf] where lambda may be 0."""
    lam = shared.lambda_min(instance)
    low = instance.forms(lam.hi).width() if lam.hi > 0 else INF
    high = instance.forms(lam.lo).width() if lam.lo > 0 else INF
    return Truth(about(low).lo if gmpy2.is_finite(low) else low, about(high).hi if gmpy2.is_finite(high) else high)


def check(instance, finding, report):
    forms, network = instance.forms(), shared.forward(instance)
    B, delta = forms.B(), real(instance.delta)
    shared.check_inputs_in_unit_ball(instance, finding, report)
    shared.check_logits(instance, finding, report)
    fail = failure(instance, B, vectors(instance))
    report.claim(finding, "failure_probability_at_most_delta", fail, about(delta))
    bound = exp(2 * B)
    report.claim(finding, "q_at_most_exp_2B", about(network.largest_q()), about(bound), vacuous=bool(bound >= instance.m))
    report.claim(finding, "q_at_least_exp_minus_2B", about(network.smallest_q()), about(1 / bound))
    repaired = forms.B_repaired(mpfr(instance.m))
    report.claim(finding, "repaired_event", failure(instance, repaired, vectors(instance)), about(delta))

    report.quantity(finding, "B", about(B))
    report.quantity(finding, "B_repaired", about(repaired))
    report.quantity(finding, "largest_logit", shared.largest_logit(instance))
    report.quantity(finding, "failure_probability", fail)
    pi = shared.event_of_pair(instance, B)
    until = tails.trials_until(pi, delta)
    report.quantity(finding, "m_break", until * mpfr(2))
    if shared.lambda_min(instance).hi == 0:
        return  # the statement asks for no width
    width = paper_width(instance)
    report.quantity(finding, "paper_width", width)
    at_width = Truth(tails.in_some_trial(pi, width.lo / 2).lo,
                     tails.in_some_trial(pi, width.hi / 2).hi if gmpy2.is_finite(width.hi) else mpfr(1))
    report.quantity(finding, "failure_probability_at_paper_width", at_width)
    report.claim(finding, "event_at_paper_width", at_width, about(delta))
    check_consistent(instance, finding, report)


def contradiction(instance, C, lam):
    """Does the event at the statement's own width certainly fail with probability > delta (True), certainly not (False), or unknown?"""
    pi = shared.event_of_pair(instance, instance.forms().B(C))
    allowed = -log1p(-real(instance.delta))

    def total(v, lam_end):
        return INF if v >= 1 or lam_end <= 0 else instance.forms(lam_end).width(C) / 2 * -log1p(-v)
    if total(pi.lo, lam.hi) > allowed:
        return True
    if total(pi.hi, lam.lo) < allowed:
        return False
    return None


def check_consistent(instance, finding, report):
    """C_consistent_min: just below its lower end a contradiction, from its upper end on none."""
    found = finding.quantity("C_consistent_min")
    lam = shared.lambda_min(instance)
    if found is None or found.not_applicable or lam.lo <= 0:
        return
    report.counts["quantities"] += 1
    what = "basic_event: C_consistent_min"
    if found.lo > 0:
        report.require(contradiction(instance, found.lo * (1 - mpfr(2) ** -40), lam) is not False, what,
                       "a contradiction just below the lower end", found)
    if gmpy2.is_finite(found.hi):
        for factor in (1 + mpfr(2) ** -40, mpfr(2), mpfr(10)):
            report.require(contradiction(instance, found.hi * factor + mpfr(2) ** -60, lam) is not True, what,
                           "no contradiction at %s times the upper end" % factor, found)
