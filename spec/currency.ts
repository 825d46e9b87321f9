/** ISO 4217: which three letters are a currency. A code we do not know can only ever warn, since every table grows old. */
import { codes, publishDate } from 'currency-codes';

/** The day of the table of list one in use, `2024-06-25`; for the message of a warning. */
export const currencyTableDate: string = publishDate;

/** Codes that ISO 4217 gained after that day, with the amendment and the day it took effect. */
const later: Readonly<Record<string, string>> = {
  XCG: 'amendment 176, 2025-03-31',
  XAD: 'amendment 179, 2025-05-12',
};

/** ISO 4217 list three, codes for historic denominations, without those that list one still holds. */
const historic = `
  ADP AFA ALK AOK AON AOR ARA ARP ARY ATS AYM AZM BAD BEC BEF BEL BGJ BGK BGL BOP BRB BRC BRE BRN BRR BUK BYB BYR CHC CSD CSJ CSK CYP
  DDM DEM ECS ECV EEK ESA ESB ESP FIM FRF GEK GHC GHP GNE GNS GQE GRD GWE GWP HRD HRK IEP ILP ILR ISJ ITL LAJ LSM LTL LTT LUC LUF LUL
  LVL LVR MGF MLF MRO MTL MTP MVQ MXP MZE MZM NIC NLG PEH PEI PES PLZ PTE RHD ROK ROL RUR SDD SDP SIT SKK SLL SRG STD SUR SZL TJR TMM
  TPE TRL UAK UGS UGW USS UYN UYP VEB VEF VNC XEU XFO XFU XRE YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWC ZWD ZWL ZWN ZWR`;

const listOne = new Set(codes());
const listThree = new Set(historic.trim().split(/\s+/));

/**
 * - `current`: in list one of the table in use · `later`: in list one since then
 * - `historic`: in list three · `unknown`: in none of them
 */
export type CurrencyStanding = 'current' | 'later' | 'historic' | 'unknown';

/** Where ISO 4217 has this code; capitals are asked for, `eur` is unknown. */
export function standingOf(code: string): CurrencyStanding {
  if (listOne.has(code)) return 'current';
  if (Object.hasOwn(later, code)) return 'later';
  return listThree.has(code) ? 'historic' : 'unknown';
}
