/** The help of the whole command: one screen of 24 lines and 80 columns, enough for a first run. */

export const renderHelp = (version: string): string => `customer-products-conformance ${version}
Does an implementation conform to the Customer Products API?

Usage: customer-products-conformance [run] <baseUrl> [flags]

A first run needs the base URL (path included) and, but for an open target,
  --token-url URL      the OAuth 2.0 token endpoint, or CPC_TOKEN_URL
  --client-id ID       the client, or CPC_CLIENT_ID
  CPC_CLIENT_SECRET    its secret: a variable, never a flag
A target with customers of its own needs --customer UUID too.

Commands (each has --help; --version is there as well):
  run <baseUrl>        test a target: the default; --embedded for a first look
  init                 write a commented profile, by asking or from flags
  serve                start the reference implementation, to try things on
  list                 show the catalogue of requirements
  judge <journal...>   work out a verdict again, offline, from the evidence
  replay <report> [id] perform the sequence of a finding again
  cleanup <journal>    close what a run that was cut off left open
  prove                try the suite itself on every known fault and variant

Exit status: 0 conformant, 1 non-conformant, 2 usage or profile, 3 inconclusive,
4 unreachable or credentials refused, 5 our own error, 130 or 143 interrupted.
`;
