/** The primes whose residues give away moduli made by the faulty RSALib (CVE-2017-15361). */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131,
  137, 139, 149, 151, 157, 163, 167,
]

/** For each prime, the residues that powers of 65537 take: those moduli are made from nothing else. */
const fingerprint = primes.map((prime) => {
  const residues = new Set([1])
  for (let power = 65537 % prime; !residues.has(power); power = (power * 65537) % prime) residues.add(power)
  return { prime, residues }
})

/** Whether an RSA modulus (big-endian bytes) can be factored because RSALib made it: false alarms are one in 2^27. */
export function isRocaModulus(modulus: Uint8Array): boolean {
  return fingerprint.every(({ prime, residues }) => {
    let residue = 0
    for (const byte of modulus) residue = (residue * 256 + byte) % prime
    return residues.has(residue)
  })
}
