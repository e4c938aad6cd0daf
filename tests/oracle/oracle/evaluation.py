"""assay evaluate: every certified value of the network, the kernel and the spectrum."""
import random

import gmpy2
from gmpy2 import mpfr, sqrt, fsum

from . import eigen, instances, run, shared
from .network import kernel_extremes
from .numbers import BITS, Truth, about, parse_found, precision, rational, stable
from .report import overlap


def truths(instance):
    """{name: truth} of interface.md's quantities at W."""
    network = shared.forward(instance)
    result = {"lambda_min_H": shared.lambda_min(instance), "lambda_max_H": shared.lambda_max(instance),
              "frobenius_H": shared.kernel_norm(instance), "max_abs_logit": shared.largest_logit(instance),
              "max_mS": about(network.largest_q()), "residual_F": shared.residual_norm(instance)}
    if instance.sigma is not None:
        result["lambda_min_K_inf"] = shared.limit_lambda_min(instance)
    return result


def truths_at_w_tilde(instance):
    """{name: truth} of the change to W~."""
    def change():
        first, second = instance.network().kernel(), instance.network(instance.w_tilde).kernel()
        return [[b - a for a, b in zip(u, v)] for u, v in zip(first, second)], max(first[i][i] for i in range(len(first)))

    def norm(of):
        rows, scale = change()
        error = scale * len(rows) * mpfr(2) ** (14 - gmpy2.get_context().precision)
        truth = of(rows)
        return Truth(max(truth.lo - error, mpfr(0)), truth.hi + error)
    tilde = instance.network(instance.w_tilde)
    return {"perturbation_F": stable(lambda: norm(lambda rows: about(eigen.frobenius(rows)))),
            "perturbation_2": stable(lambda: norm(eigen.spectral_norm)),
            "lambda_min_H_tilde": kernel_extremes(instance.x, instance.w_tilde, instance.a)[0], "residual_F_tilde": tilde.residual_truth()}


def compare(report, answer, expected, what="evaluate"):
    """Every printed quantity against its truth; exit status 0 or 3."""
    report.command = answer.line()
    if answer.json is None:
        report.discrepancy("%s: no values" % what, "values", "exit status %s: %s" % (answer.status, answer.error[-300:]))
        return
    for name, truth in expected.items():
        if name not in answer.json["quantities"]:
            report.discrepancy("%s: %s" % (what, name), "a value", "missing")
            continue
        report.number("%s: %s" % (what, name), parse_found(answer.json["quantities"][name]), truth)
    report.require(answer.status in (0, 3), "%s: exit status" % what, "0 or 3", answer.status)


def check(program, instance, folder, options, report, variants):
    """evaluate at W, at a random W~ and, if `variants`, on the other tiers; drawn instances from files as well."""
    expected = truths(instance)
    answer = run.evaluate(program, options)
    compare(report, answer, expected)
    if "--w-tilde" not in options:
        rng = random.Random(instance.name)
        scale = rng.choice([1e-12, 1e-3, 0.1, 0.004, 2.0]) if max(abs(v) for row in instance.w for v in row) > 1e-100 else 1e-200
        tilde = instances.with_w_tilde(instance, rng, scale)
        compare(report, run.evaluate(program, tilde.options(folder)), dict(expected, **truths_at_w_tilde(tilde)), "evaluate --w-tilde")
    if instance.drawn:
        from_files = run.evaluate(program, [o for o in instance.options(folder, draws=False)])
        if from_files.json and answer.json:
            report.require(from_files.json["quantities"] == answer.json["quantities"], "evaluate: drawn by the program and by the oracle",
                           from_files.json["quantities"], answer.json["quantities"])
    if variants:
        for more in (("--tier", "fast"), ("--tier", "deep"), ("--bits", "32", "--tier", "deep"), ("--bits", "53"), ("--threads", "7"),
                     ("--rtol", "1e-25")):
            compare(report, run.evaluate(program, options, more=more), expected, "evaluate %s" % " ".join(more))
