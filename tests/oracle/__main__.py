"""python3 tests/oracle PROGRAM [options]: a second implementation of assay's theorems, held against the program.

Exit status 0 if nothing was found, 1 if anything was, 2 for bad usage, 77 if mpmath or gmpy2 are missing.
"""
import argparse
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def main():
    parser = argparse.ArgumentParser(prog="oracle", description=__doc__)
    parser.add_argument("program", help="the assay binary")
    parser.add_argument("--count", type=int, default=20, help="random instances")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--theorems", default="all", help="IDs, separated by commas, all or none")
    parser.add_argument("--bounds", type=int, default=200, help="random settings of `assay bounds`")
    parser.add_argument("--no-fixed", action="store_true", help="leave out the fixed adversarial instances")
    parser.add_argument("--only", help="fixed instances whose name contains this, nothing else")
    parser.add_argument("--no-evaluate", action="store_true")
    parser.add_argument("--keep", default="oracle-discrepancies", help="folder for the instances of discrepancies")
    parser.add_argument("--seconds", type=float, default=60, help="processor time for one call of the program")
    parser.add_argument("--json", help="write counts and discrepancies to this file")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    try:
        import gmpy2  # noqa: F401
        import mpmath  # noqa: F401
    except ImportError as missing:
        print("skipped: %s (Debian: python3-mpmath, python3-gmpy2)" % missing)
        return 77
    if not os.access(options.program, os.X_OK):
        parser.error("%s: expected the assay program" % options.program)
    return run_campaign(options)


def run_campaign(options):
    import json

    from oracle import adversarial, campaign
    from oracle.theorems import modules

    theorems = list(modules()) if options.theorems == "all" else [t for t in options.theorems.split(",") if t and t != "none"]
    settings = {"program": os.path.abspath(options.program), "seed": options.seed, "theorems": theorems, "evaluate": not options.no_evaluate,
                "keep": os.path.abspath(options.keep) if options.keep else "", "seconds": options.seconds, "bounds": options.bounds}
    jobs = campaign.jobs(options.count, options.seed, not options.no_fixed, options.bounds)
    jobs = [(kind, k + options.first if kind in ("random", "training") else k) for kind, k in jobs]
    if options.only is not None:
        names = [case.name for case in adversarial.everywhere()]
        jobs = [("fixed", k) for k, name in enumerate(names) if options.only in name]
    began = time.time()

    def progress(done, of, report, total):
        for line in report.discrepancies:
            print("DISCREPANCY [%(instance)s] %(what)s: expected %(expected)s; found %(found)s; %(command)s" % line, flush=True)
        if options.verbose:
            print("%d of %d, %.0f s, %s" % (done, of, time.time() - began, report.instance), file=sys.stderr, flush=True)

    total = campaign.campaign(settings, options.workers, jobs, progress)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"counts": total.counts, "undecided": total.undecided, "undecided examples": total.examples, "discrepancies": total.discrepancies}, file, indent=1)
    print_summary(total, time.time() - began)
    return 1 if total.discrepancies else 0


def print_summary(total, seconds):
    """Counts by theorem and verdict, the undecided claims, and the final line."""
    for name, count in sorted(total.undecided.items()):
        print("undecided %5d  %s, such as %s" % (count, name, total.examples.get(name, "")))
    for name, count in sorted(total.counts.items()):
        print("count %8d  %s" % (count, name))
    kinds = {}
    for line in total.discrepancies:
        kinds[line["what"]] = kinds.get(line["what"], 0) + 1
    for name, count in sorted(kinds.items(), key=lambda item: -item[1]):
        print("discrepancies %5d  %s" % (count, name))
    print("%d instances, %d claims compared, %d quantities compared, %d undecided, %d discrepancies, %.0f s" % (
        total.counts["instances"], total.counts["claims"], total.counts["quantities"], sum(total.undecided.values()),
        len(total.discrepancies), seconds))


if __name__ == "__main__":
    sys.exit(main())
