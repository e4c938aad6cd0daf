"""Truths that several theorems share, computed once for each instance (instance.shared)."""
from gmpy2 import mpfr, sqrt, exp

from . import eigen, limits, network, tails
from .numbers import BITS, Truth, about, exactly, precision, rational, real, stable, widened


def forward(instance):
    """The network at W, 240 bits."""
    return instance.shared("forward", instance.network)


def kernel(instance):
    """H at W, rows of mpfr."""
    return instance.shared("kernel", lambda: forward(instance).kernel())


def spectrum(instance):
    """(lambda_min, lambda_max) of H as truths."""
    return instance.shared("spectrum", lambda: network.kernel_extremes(instance.x, instance.w, instance.a))


def lambda_min(instance):
    return spectrum(instance)[0]


def lambda_max(instance):
    return spectrum(instance)[1]


def frobenius_of(rows, scale):
    """|A|_F as a truth, entries known to `scale` 2^(12-bits)."""
    return about(eigen.frobenius(rows), scale * len(rows) * mpfr(2) ** (14 - BITS))


def kernel_norm(instance):
    """|H|_F as a truth: entries have a Cauchy-Schwarz error, so relative to the diagonal."""
    h = kernel(instance)
    return frobenius_of(h, max(h[i][i] for i in range(len(h))))


def largest_logit(instance):
    """max |<w_r, x_i>| as a truth (exact, rounded once)."""
    return about(mpfr(forward(instance).largest_logit()))


def residual_norm(instance):
    """|F - Y|_F as a truth."""
    return forward(instance).residual_truth()


def longest_row(instance):
    """max |x_i| as a truth."""
    g = instance.shared("gram", instance.gram)
    return about(sqrt(max(mpfr(g[i][i]) for i in range(instance.n))))


def gram(instance):
    """<x_i, x_j>, exact rationals."""
    return instance.shared("gram", instance.gram)


def logit_bound(instance):
    """B as a truth."""
    return about(instance.forms().B())


def check_inputs_in_unit_ball(instance, finding, report):
    """max |x_i| <= 1, decided exactly."""
    report.claim(finding, "inputs_in_unit_ball", longest_row(instance), exactly(1), statement=instance.in_unit_ball())


def check_logits(instance, finding, report, name="logits_at_most_B", bound=None):
    """max |<w_r, x_i>| <= B."""
    report.claim(finding, name, largest_logit(instance), bound or logit_bound(instance))


def limit_lambda_min(instance, activation="softmax"):
    """lambda_min(K_inf) as a truth: exactly 0 where the rows say so."""
    def make():
        decide = {"relu": limits.relu_positive, "gelu": limits.gelu_positive}.get(activation, limits.softmax_positive)
        if not decide(instance.x):
            return exactly(0)

        def value():
            if activation == "relu":
                rows = limits.relu_kernel(instance.x)
            else:
                make_rows = {"softmax": limits.softmax_kernel, "exp": limits.exp_kernel, "gelu": limits.gelu_kernel}[activation]
                rows = make_rows(instance.x, instance.sigma_number())
            lo, _ = eigen.extremes(rows)
            return Truth(max(lo.lo, mpfr(0)), max(lo.hi, mpfr(0)))
        return stable(value)
    return instance.shared("limit-" + activation, make)


def event_of_pair(instance, bound):
    """P(|<w, x_i>| > bound for some i) for one weight vector, as a truth."""
    return tails.some_row_exceeds(gram(instance), mpfr(instance.sigma_number()), bound)
