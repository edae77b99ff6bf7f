/** Signatures of `fixtures/keys/rsa-2048.json` that begin with a zero, as one in 256 does: by PSS, and by PKCS #1 1.5. */
export const leadingZero = {
  PS256:
    'eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJodHRwczovL3B1Ymxpc2hlci5leGFtcGxlIiwibiI6ODV9.ADh1bnQwFGg2WyAULhGrVDgahLGeZ-f0LNRYWJ5ifyZ4Bq2ndhiUsHwPZFhzu22kL7iAtl7P-ClN_pLffcpNyO1nd88Gj1nF9xuY9zrQZZo7-0TajPIn-NhXgMlVAAxbKge0BStVoZaIP15aKdehaTGWqKeKocrrx8noViXUmklc3ERMtYCThnOsJioyu3-CREifs1nl3aep8oY5JcNaj5KI27VwxfVMuHEaBw8yZ0xvAWfjjFBf0146gOiStYc9_7rXgFsqRm4jt6tsSxYlx6HmZioJuffVm0-15EthTJuK7DR0_VVHuLxtEFyMvrsIdiuSfERcd29JfISzAgk-vQ',
  RS256:
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL3B1Ymxpc2hlci5leGFtcGxlIiwibiI6MH0.AIfd9Q2EUx_Y17tj9HHuAvRpA1KAYnW08YY5G5Ge0DDkIXbwn3zjnawnO6JxNwERR4LY1Oj6m5jqZkTMSSauyVAXOGHhyPdq4wXPlnfR7pFP3QpPJ90E_l2S1n2fVCZY-ZyuPjYGJp28NFDI3iYUEZWKGhNQjlllWQREHtygbjUXYfEXxhirGZpj-3GOFBXngPkqA71eEAWjsQywp0ZVBsl8iwe2-n1VpSiyXWHieQ4XQGbXGvgQOHYQodGosJGh78qTDHRXxKD8i3XehdSYDAsAQ16I16yF8r5h0yi3k9KqYnLslesvs18-w84mNARsHd5Ha9YbxQFUUsebqU6egw',
} as const

/** The same JWS without that zero: the number is the same, the signature is none (RFC 8017 8.1.2). */
export function withoutLeadingZero(compact: string): string {
  const at = compact.lastIndexOf('.') + 1
  const signature = Buffer.from(compact.slice(at), 'base64url')
  if (signature[0] !== 0) throw new Error('the signature does not begin with a zero')
  return compact.slice(0, at) + signature.subarray(1).toString('base64url')
}
