"""E1, softmax row: over the ball of radius R, |H(W~) - H(W)|_F <= R nd e^{10B}.

The supremum is known from both sides: attained by ascent and at the program's own network, bounded by D1 at 72 digits.
"""
import gmpy2
from gmpy2 import mpfr, mpq

from .. import eigen, perturbed, search, shared
from ..numbers import ANYTHING, INF, Truth, about, exactly, rational, real, stable


def trivial_bound(instance):
    """m d |XX'|_F + |H|_F as a truth: true at every W~ whatsoever."""
    gram = [[mpfr(v) for v in row] for row in shared.gram(instance)]
    norm = shared.kernel_norm(instance)
    first = about(eigen.frobenius(gram) * instance.m * instance.d)
    return Truth(first.lo + norm.lo, first.hi + norm.hi)


def supremum(instance, radius):
    """(sup |.|_F, sup |.|_2) over the ball as truths."""
    def make():
        if rational(radius) == 0:
            return exactly(0), exactly(0)
        low_f = low_2 = mpfr(0)
        for direction in search.ascend(instance, rational(radius), "change"):
            f, two = search.change_at(instance, search.displaced(instance, direction, radius))
            low_f, low_2 = max(low_f, f.lo), max(low_2, two.lo)
        high_f, high_2 = perturbed.upper_change(shared.forward(instance), rational(radius))
        return Truth(low_f, high_f), Truth(low_2, high_2)
    return instance.shared(("supremum", str(radius)), make)


def check_w_tilde(instance, finding, report, sup_f):
    """The explicit network lies in the ball and attains what is said of it."""
    w = finding.network_file("bound_at_w_tilde")
    if w is None:
        return ANYTHING
    radius = real(instance.radius)
    moved = search.largest_displacement(instance, w)
    report.claim(finding, "w_tilde_in_ball", moved, about(radius),
                 statement=None if moved.lo <= radius <= moved.hi else bool(moved.hi <= radius))
    f, two = search.change_at(instance, w)
    report.quantity(finding, "perturbation_F_at_w_tilde", f)
    if moved.hi <= radius:
        for name, attained in (("supremum_F", f), ("supremum_2", two)):
            found = finding.quantity(name)
            if found is not None and not found.not_applicable:
                report.require(found.hi >= attained.lo, "ntk_perturbation: %s" % name, "at least %s, attained by its network" % attained.lo, found)
    return f


def check(instance, finding, report):
    forms = instance.forms()
    shared.check_inputs_in_unit_ball(instance, finding, report)
    shared.check_logits(instance, finding, report)
    radius, limit = real(instance.radius), instance.constant("e1.radius_max")
    exact_radius, exact_limit = rational(instance.radius), rational(instance.set.get("e1.radius_max", "0.01"))
    report.claim(finding, "radius_positive", about(radius), exactly(0), statement=bool(exact_radius > 0))
    report.claim(finding, "radius_below_limit", about(radius), about(limit), statement=bool(exact_radius < exact_limit))
    bound, trivial = about(forms.perturbation_bound()), trivial_bound(instance)
    vacuous = None if trivial.lo <= bound.hi and bound.lo <= trivial.hi else bool(bound.lo > trivial.hi)
    sup_f, sup_2 = supremum(instance, instance.radius)
    at = check_w_tilde(instance, finding, report, sup_f)
    report.claim(finding, "bound_at_w_tilde", at, bound, vacuous=vacuous)
    report.claim(finding, "bound_over_ball_frobenius", sup_f, bound, vacuous=vacuous)
    report.claim(finding, "bound_over_ball_spectral", sup_2, bound, vacuous=vacuous)
    report.quantity(finding, "supremum_F", sup_f)
    report.quantity(finding, "supremum_2", sup_2)
    report.quantity(finding, "paper_bound", bound)
    report.quantity(finding, "radius", about(radius))
    report.quantity(finding, "trivial_bound", trivial)
    check_all_radii(instance, finding, report, bound, sup_f)


def check_all_radii(instance, finding, report, bound, sup_f):
    """sup over R in (0, R_max) of the change over R: at least at R, at nearly R_max and at a small radius."""
    exact_radius, limit = rational(instance.radius), rational(instance.set.get("e1.radius_max", "0.01"))
    slopes = [mpfr(0)]
    if 0 < exact_radius < limit:
        slopes.append(sup_f.lo / mpfr(exact_radius))
    for radius in (limit * mpq(999, 1000), limit / 10 ** 6):
        slopes.append(supremum(instance, radius)[0].lo / mpfr(radius))
    slope = Truth(about(max(slopes)).lo, INF)
    report.quantity(finding, "supremum_F_per_radius", slope)
    if exact_radius > 0:
        report.claim(finding, "bound_for_all_radii", slope, bound / mpfr(exact_radius))
