"""The Python side: answers the runner's requests until its input ends, as worker.mjs does for tstorch."""

import importlib
import json
import os
import sys
import timeit
from time import perf_counter

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [FOLDER, os.path.join(FOLDER, '..', 'cases')]
sys.dont_write_bytecode = True

import torch  # noqa: E402

LINE = '/proc/self/schedstat'
line_file = os.open(LINE, os.O_RDONLY) if os.path.exists(LINE) else None
# The part of a sample that runs before it: a half.
LEAD_IN = 2

cases = {}
# A timer of each prepared case, and how often a sample repeats it.
prepared = {}


def value_of(result):
    """One number for the result of a case, to be compared with the other side's."""
    if isinstance(result, torch.Tensor):
        return result.detach().double().sum().item()
    if isinstance(result, (int, float)) and not isinstance(result, bool):
        return float(result)
    return None


def waited():
    """Seconds that this thread has stood in line for a core because others had it; only Linux tells."""
    if line_file is None:
        return 0.0
    return int(os.pread(line_file, 80, 0).split()[1]) / 1e9


def finish():
    """A GPU works on when a call has returned: what was started counts until it is done."""
    if os.environ.get('TSTORCH_BENCH_DEVICE') == 'cuda':
        torch.cuda.synchronize()


def run(timer, iterations):
    """Seconds that a number of calls take, without those spent in line."""
    # The clock is read first and last: a wait between the two readings may be counted, but never taken off in vain.
    start = perf_counter()
    waited_before = waited()
    timer.timeit(iterations)
    finish()
    in_line = waited() - waited_before
    return perf_counter() - start - in_line


def timer_of(case, names):
    """A timer with the statement itself inside its loop, so that no call is counted that a user would not make."""
    # The names become local variables, which are faster than global ones; timeit would switch the collector off.
    setup = ['import gc', 'gc.enable()'] + [f'{name} = names[{name!r}]' for name in names]
    return timeit.Timer(case.statement, '\n'.join(setup), globals={'names': names})


def calibrate(timer, sample, warm_up):
    """Runs a case until it is warm; gives how many calls make a sample. Times are in seconds."""
    iterations = 1
    spent = 0.0
    while True:
        elapsed = max(run(timer, iterations), 1e-9)
        spent += elapsed
        fitting = max(1, round(iterations * sample / elapsed))
        if spent >= warm_up:
            return fitting
        iterations = min(fitting, iterations * 10)


def load(request):
    global cases
    cases = importlib.import_module(request['group']).cases
    return {'cases': list(cases)}


def prepare(request):
    torch.set_num_threads(request['threads'])
    torch.manual_seed(0)
    case = cases[request['name']]
    names = case.setup()
    timer = timer_of(case, names)
    if request['iterations'] is not None:
        prepared[request['name']] = timer, request['iterations']
        return {'value': None}
    value = value_of(eval(case.statement, dict(names)))
    prepared[request['name']] = timer, calibrate(timer, request['sample'] / 1e3, request['warm_up'] / 1e3)
    return {'value': value}


def time(request):
    torch.set_num_threads(request['threads'])
    timer, iterations = prepared[request['name']]
    # While the other side ran, caches went cold; what comes first is not counted.
    run(timer, iterations // LEAD_IN)
    return {'nanoseconds': run(timer, iterations) * 1e9 / iterations}


actions = {'version': lambda request: {'version': torch.__version__}, 'load': load, 'prepare': prepare, 'time': time}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = actions[request['action']](request)
    except Exception as error:
        answer = {'error': f'{type(error).__name__}: {error}'}
    print(json.dumps(answer), flush=True)
