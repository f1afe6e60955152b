"""torchvision, also where its C++ operators do not load."""

import os
import sys


def torchvision():
    """
    The package. PyPI's is built for CUDA, so its operators do not load beside a PyTorch without it: stand-ins take
    their place, and nothing that is measured calls one.
    """
    try:
        import torchvision
    except RuntimeError:
        for name in [name for name in sys.modules if name.split('.')[0] == 'torchvision']:
            del sys.modules[name]
        here = os.path.dirname(os.path.abspath(__file__))
        sys.path.append(os.path.join(here, '..', '..', '..', 'scripts', 'fixtures'))
        import torchvision_operators  # noqa: F401
        import torchvision
    return torchvision
