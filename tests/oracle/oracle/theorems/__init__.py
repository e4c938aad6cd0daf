"""One module for each theorem: check(instance, finding, report) compares what the program found with recomputed truths."""
import importlib
import pkgutil


def modules():
    """{theorem ID: module} of every module here."""
    return {info.name: importlib.import_module("%s.%s" % (__name__, info.name)) for info in pkgutil.iter_modules(__path__)}
