/** The fixed parts of a script: what it does before and around its calls. Variables are used without braces, which would mean something here. */

export const workspace = `umask 077
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
: > "$WORK/authorization"
`;

export const functions = String.raw`uuid() {
  od -An -v -N16 -tx1 /dev/urandom | tr -d ' \n' |
    sed 's/^\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\)$/\1-\2-4\3-8\4-\5/'
}
repeat() { yes "$2" | head -n "$1" | tr -d '\n'; }
# call NUMBER ARGUMENTS... performs a request and keeps its answer.
call() {
  number=$1
  shift
  : > "$WORK/$number.body"
  # shellcheck disable=SC2086
  curl --silent --show-error --globoff --path-as-is --http1.1 --max-time 30 $CURL_OPTIONS \
    --output "$WORK/$number.body" --write-out '%{http_code}' "$@" > "$WORK/$number.status" 2> "$WORK/$number.error" || true
}
# show NUMBER RECORDED prints the answer beside the one recorded.
show() {
  {
    printf '%s. then  %s\n%s. now   ' "$1" "$2" "$1"
    cat "$WORK/$1.status"
    printf ' '
    head -c 2000 "$WORK/$1.body" | tr '\000-\037\177' '?'
    tr '\n' ' ' < "$WORK/$1.error"
    printf '\n'
  } > "$WORK/$1.shown"
  cat "$WORK/$1.shown"
}
# member NUMBER NAME takes a string out of an answer that is one object.
member() {
  tr -d '\n' < "$WORK/$1.body" | sed -n 's/.*"'"$2"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p'
}
`;

/** For a list that asks for the IBAN a product shows. */
export const ibanFunction = `# iban_of PRODUCT reads the product and takes its IBAN.
iban_of() {
  call iban -H @"$WORK/authorization" "$TARGET/products/$1"
  member iban iban
}
`;

/** Gets a token where none is given. `scope` is a word of the shell. */
export function obtainToken(isBasic: boolean, scope: string | undefined): string {
  const byHeader = String.raw`  { printf 'Authorization: Basic '; printf '%s' "$CLIENT_ID:$CLIENT_SECRET" | base64 | tr -d '\n'; } > "$WORK/basic"
  call token -H @"$WORK/basic" -d grant_type=client_credentials`;
  const byBody = `  printf '%s' "$CLIENT_SECRET" > "$WORK/secret"
  call token -d grant_type=client_credentials --data-urlencode "client_id=$CLIENT_ID" --data-urlencode client_secret@"$WORK/secret"`;
  const withScope = scope === undefined ? '' : ` --data-urlencode ${scope}`;
  return String.raw`if [ -z "$TOKEN" ]; then
  if [ -z "$TOKEN_URL" ] || [ -z "$CLIENT_ID" ] || [ -z "$CLIENT_SECRET" ]; then
    echo 'Set TOKEN, or TOKEN_URL, CLIENT_ID and CLIENT_SECRET.' >&2
    exit 2
  fi
${isBasic ? byHeader : byBody}${withScope} "$TOKEN_URL"
  TOKEN=$(member token access_token)
  if [ -z "$TOKEN" ]; then
    show token 'an access_token' >&2
    exit 2
  fi
fi
printf 'Authorization: Bearer %s\n' "$TOKEN" > "$WORK/authorization"
`;
}

export const secretForms = String.raw`if [ -z "$CLIENT_ID" ] || [ -z "$CLIENT_SECRET" ]; then
  echo 'Set CLIENT_ID and CLIENT_SECRET.' >&2
  exit 2
fi
encode() { printf '%s' "$1" | od -An -v -tx1 | tr -d '\n' | sed 's/ /%/g'; }
CLIENT_SECRET_ENCODED=$(encode "$CLIENT_SECRET")
BASIC=$(printf '%s' "$CLIENT_ID:$CLIENT_SECRET" | base64 | tr -d '\n')
`;

const writeHeaders = `-H @"$WORK/authorization" -H "Requestor-ID: $REQUESTOR_ID" -H 'Content-Type: application/json'`;

/** Makes what was there before the recorded exchanges. */
export const prepareFunction = `# prepare CUSTOMER CODE makes a product.
prepare() {
  call prepared -X POST "$TARGET/customers/$1/products" \\
    ${writeHeaders} --data-raw '{"productCode":"'"$2"'"}'
}
`;

export const closeFunction = `close_product() {
  call closed -X PATCH "$TARGET/products/$1" \\
    ${writeHeaders} --data-raw '{"status":"CLOSED"}'
}
`;
