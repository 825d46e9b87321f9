/** What bears witness to most of the catalogue: plain requests, many of them. */
import type { RequirementId } from '../spec/catalogue/index.ts';

/** What any traffic of creates, lists, gets and closes bears witness to. */
export const anyTraffic: readonly RequirementId[] = [
  ...(['MSG-01', 'MSG-02', 'MSG-03', 'MSG-05', 'MSG-06', 'MSG-13', 'MSG-14', 'MSG-22', 'MSG-24'] as const),
  ...([
    'SCH-01',
    'SCH-02',
    'SCH-03',
    'SCH-04',
    'SCH-05',
    'SCH-06',
    'SCH-07',
    'SCH-08',
    'SCH-09',
    'SCH-10',
    'SCH-11',
    'SCH-12',
    'SCH-13',
    'SCH-14',
    'SCH-16',
    'SCH-17',
  ] as const),
  ...(['CRE-01', 'CRE-02', 'CRE-03', 'CRE-04', 'CRE-05', 'CRE-06', 'CRE-08', 'CRE-09'] as const),
  ...(['LST-01', 'LST-02', 'LST-03', 'LST-04', 'LST-07', 'LST-09'] as const),
  ...(['FLT-01', 'FLT-02', 'FLT-03', 'FLT-04', 'FLT-05', 'FLT-06', 'FLT-07', 'FLT-08', 'FLT-09', 'FLT-14'] as const),
  ...(['CLS-01', 'CLS-02', 'CLS-03', 'CLS-05', 'CLS-06', 'CLS-07', 'CLS-12', 'CLS-13', 'CLS-15', 'CLS-16'] as const),
  ...(['TIM-01', 'TIM-02', 'TIM-03', 'TIM-04', 'TIM-06', 'TIM-07', 'TIM-08', 'LIF-01', 'OWN-01', 'OWN-02'] as const),
];
