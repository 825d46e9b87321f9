/** Who acts is written down for audit (`Requestor-ID`): what another requestor does, or repeats, is done by the same rules. */
import { randomUUID } from 'node:crypto';
import type { Campaign, Plan } from './campaign.ts';
import type { Stage } from './stage.ts';
import { openSubject, settle, wasAccepted } from './subjects.ts';
import { label } from './trials.ts';

/** On invented customers only: where customers are given, their requestors are too. */
export const requestorCampaigns = ({ facts, invents }: Plan): Campaign[] =>
  facts.readOnly || !invents
    ? []
    : [{ name: 'another requestor', witnesses: ['CLS-07', 'CLS-08', 'CRE-01', 'CRE-05', 'LST-01'], probe: actAsAnother }];

async function actAsAnother(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject = await openSubject(stage, place);
  if (subject === undefined || !wasAccepted(await stage.close(place, subject.id))) return;
  await settle(stage);
  await stage.get(subject.id);
  // Either may be refused (R-REQUESTOR, R-AGAIN): then nothing may have changed.
  const other = { ...place, requestor: randomUUID() };
  // Odd, so that its refusal is not taken for another way of closing again.
  await stage.close(other, subject.id, label(stage, 'CLS-08', 'by another requestor')('odd'));
  await stage.get(subject.id);
  const { id } = await stage.create(other, subject.code);
  await stage.list(place);
  await stage.get(subject.id);
  if (id === undefined) return;
  await stage.get(id);
  // By whoever may.
  if (!wasAccepted(await stage.close(place, id))) await stage.close(other, id);
  await stage.get(id);
  await stage.list(place);
}
