/** Names of places in the page. */

/** `finding-FLT-04-1`; nothing of a target can break out of it. */
export function findingAnchor(findingId: string): string {
  return `finding-${plain(findingId)}`;
}

export function exchangeAnchor(findingId: string, exchangeId: string): string {
  return `${findingAnchor(findingId)}-x${plain(exchangeId)}`;
}

export function requirementAnchor(requirementId: string): string {
  return `row-${plain(requirementId)}`;
}

function plain(id: string): string {
  return id.replace(/[^A-Za-z0-9]+/g, '-');
}
