/** PyTorch's data bases: which script writes their samples, and what is made of the outcomes. */
import { join } from 'node:path';
import { BUILD, ROOT } from '../setup/paths.mjs';
import { module_report } from './module_report.mjs';
import { report } from './report.mjs';
import { ModuleResults, module_totals, OperatorResults, totals } from './results.mjs';

export const DATABASES = {
  operators: {
    script: 'op_db.py',
    samples: join(BUILD, 'conformance', 'op_db'),
    page: join(ROOT, 'docs', 'operators.md'),
    Results: OperatorResults,
    exclusions: 'EXCLUSIONS',
    report,
    totals(results) {
      const { forward, gradient, errors } = totals(results);
      return { results: forward, gradients: gradient, errors };
    },
  },
  modules: {
    script: 'module_db.py',
    samples: join(BUILD, 'conformance', 'module_db'),
    page: join(ROOT, 'docs', 'modules.md'),
    Results: ModuleResults,
    exclusions: 'MODULE_EXCLUSIONS',
    report: module_report,
    totals(results) {
      const { all, made, result, gradient, after, errors } = module_totals(results);
      return { modules: all, made, results: result, gradients: gradient, afterwards: after, errors };
    },
  },
};
