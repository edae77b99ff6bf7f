import { describe, expect, test } from 'vitest'
import { critical, directory, unknownExtension } from '../support/certificates/extensions.js'
import { type Issued, issue, issueAuthority, issueRoot } from '../support/certificates/issue.js'
import {
  deltaTo,
  type Entry,
  issueList,
  issuingDistributionPoint,
  type ListParts,
  listNumber,
  reasonCode,
} from '../support/certificates/issue-list.js'
import { newEcKeys } from '../support/certificates/keys.js'
import { codeOf } from '../support/certificates/outcome.js'

const root = issueRoot()
const authority = issueAuthority(root)
const serialNumber = 4711
const leaf = issue(authority, { serialNumber })
const rootList = issueList(root)

type List = Pick<Issued, 'der'>

const complete = (revoked: readonly Entry[] = [], parts: ListParts = {}, number = 5) =>
  issueList(authority, { revoked, ...parts, extensions: [listNumber(number), ...(parts.extensions ?? [])] })
/** A delta with the number 8 to the list with the number 5, unless a test says otherwise. */
const delta = (revoked: readonly Entry[] = [], parts: ListParts = {}, base = 5, number = 8) =>
  issueList(authority, { revoked, ...parts, extensions: [listNumber(number), deltaTo(base), ...(parts.extensions ?? [])] })

const revoked: Entry = [serialNumber, reasonCode('keyCompromise')]
const held: Entry = [serialNumber, reasonCode('certificateHold')]
const removed: Entry = [serialNumber, reasonCode('removeFromCRL')]
const stale = { thisUpdate: new Date('2035-05-01'), nextUpdate: new Date('2035-05-08') }
const unknown = { extensions: [critical(unknownExtension())] }
const scope = issuingDistributionPoint({ only: 'user' })
const farther = issuingDistributionPoint({ name: { full: [directory(authority.name)] } })

const outcome = (lists: readonly List[]) =>
  codeOf(leaf, [authority], [root], { crls: [rootList, ...lists].map((list) => list.der) })

describe('delta lists (RFC 5280 5.2.4, 6.3.3 (c), (h) to (k))', () => {
  test.each<[string, readonly List[], string]>([
    ['it is on neither', [complete(), delta()], 'valid'],
    ['it is on the complete list', [complete([revoked]), delta()], 'REVOKED'],
    ['it is on the delta', [complete(), delta([revoked])], 'REVOKED'],
    ['it is on hold in the delta', [complete(), delta([held])], 'REVOKED'],
    ['it is on hold in the complete list', [complete([held]), delta()], 'REVOKED'],
    ['it was on hold, and is not any more', [complete([held]), delta([removed])], 'valid'],
    ['it was on hold, and is revoked', [complete([held]), delta([revoked])], 'REVOKED'],
    ['it is taken from a complete list it is not on', [complete(), delta([removed])], 'valid'],
    ['there is no complete list', [delta()], 'CRL_MISSING'],
    ['there is no complete list, and it is on the delta', [delta([revoked])], 'CRL_MISSING'],
    ['the complete list is the base', [complete([], {}, 5), delta([revoked], {}, 5)], 'REVOKED'],
    ['the complete list is newer than the base', [complete([], {}, 6), delta([revoked], {}, 5)], 'REVOKED'],
    ['the complete list is older than the base', [complete([], {}, 4), delta([removed], {}, 5)], 'CRL_STALE'],
    ['the complete list is older than the base and has it', [complete([held], {}, 4), delta([removed], {}, 5)], 'REVOKED'],
    ['the complete list is as new as the delta', [complete([held], {}, 8), delta([removed], {}, 5, 8)], 'REVOKED'],
    ['the complete list is newer than the delta', [complete([held], {}, 9), delta([removed], {}, 5, 8)], 'REVOKED'],
    ['the complete list is not current, the delta is', [complete([held], stale), delta([removed])], 'valid'],
    ['the complete list is not current, and the delta has it', [complete([], stale), delta([revoked])], 'REVOKED'],
    ['neither is current', [complete([], stale), delta([], stale)], 'CRL_STALE'],
    ['the complete list is not current, and the delta is to another one', [complete([], stale, 4), delta()], 'CRL_STALE'],
    ['the delta is not current', [complete([held]), delta([removed], stale)], 'REVOKED'],
    ['the delta is of the future', [complete([held]), delta([removed], { thisUpdate: new Date('2035-06-02') })], 'REVOKED'],
    ['of two deltas the newer counts', [complete([held]), delta([removed], {}, 5, 7), delta([revoked], {}, 5, 8)], 'REVOKED'],
    ['of two deltas the newer counts again', [complete([held]), delta([removed], {}, 5, 8), delta([revoked], {}, 5, 7)], 'valid'],
    ['the delta is signed by another key', [complete([held]), forged()], 'REVOKED'],
    ['the complete list is not current, and the delta is signed by another key', [complete([], stale), forged()], 'CRL_STALE'],
    [
      'the delta has an unknown critical extension',
      [complete([held]), delta([removed], { extensions: [critical(unknownExtension())] })],
      'REVOKED',
    ],
    [
      'an entry of the delta has an unknown critical extension',
      [complete([held]), delta([removed, [1, critical(unknownExtension())]])],
      'REVOKED',
    ],
    ['both are about the same', [complete([held], { extensions: [scope] }), delta([removed], { extensions: [scope] })], 'valid'],
    ['the delta is about others', [complete([held]), delta([removed], { extensions: [scope] })], 'REVOKED'],
    ['the complete list is about others', [complete([held], { extensions: [scope] }), delta([removed])], 'REVOKED'],
    [
      'they are about others each',
      [complete([held], { extensions: [scope] }), delta([removed], { extensions: [farther] })],
      'REVOKED',
    ],
    ['only one names a key', [complete([held], { without: ['2.5.29.35'] }), delta([removed])], 'REVOKED'],
    [
      'neither names a key',
      [complete([held], { without: ['2.5.29.35'] }), delta([removed], { without: ['2.5.29.35'] })],
      'valid',
    ],
    ['the delta has no number', [complete([held]), unnumbered([removed])], 'REVOKED'],
    ['there is a newer delta with a bad signature', [complete(), delta([revoked], {}, 5, 7), forged()], 'REVOKED'],
    ['there is a newer delta with a bad signature, and it is on neither', [complete(), delta([], {}, 5, 7), forged()], 'valid'],
    ['there is a newer delta that cannot be used', [complete(), delta([revoked], {}, 5, 7), delta([], unknown)], 'CRL_UNUSABLE'],
    ['there is a newer delta with an entry that cannot be read', [complete(), delta([], {}, 5, 7), unreadable()], 'CRL_UNUSABLE'],
    ['the delta cannot be used', [complete(), delta([revoked], unknown)], 'CRL_UNUSABLE'],
    ['the delta cannot be used, and it is on the complete list', [complete([revoked]), delta([], unknown)], 'REVOKED'],
    ['the newest delta is not current', [complete(), delta([revoked], stale)], 'CRL_STALE'],
    ['an older delta is not current', [complete(), delta([], stale, 5, 7), delta()], 'valid'],
    ['the newest delta is to a newer list', [complete(), delta([revoked], {}, 5, 7), delta([], {}, 6, 9)], 'REVOKED'],
    ['of two deltas with one number one has it', [complete(), delta(), delta([revoked])], 'REVOKED'],
    ['of two deltas with one number one takes it from the list', [complete([held]), delta(), delta([removed])], 'REVOKED'],
    ['of two deltas with one number one cannot be used', [complete(), delta(), delta([], unknown)], 'CRL_UNUSABLE'],
    ['of two deltas with one number one has a bad signature', [complete([held]), delta([removed]), forged()], 'valid'],
  ])('%s', async (_, lists, expected) => {
    expect(await outcome(lists)).toBe(expected)
    expect(await outcome(lists.toReversed())).toBe(expected)
  })

  test('a list without a number has no delta, in the profile compatible too', async () => {
    const lists = [rootList, issueList(authority, { revoked: [held], without: ['2.5.29.20'] }), delta([removed])]
    const options = { crls: lists.map((list) => list.der), profile: 'compatible' as const }
    expect(await codeOf(leaf, [authority], [root], options)).toBe('REVOKED')
  })
})

/** A delta with the signature of another key. */
function forged(): List {
  return issueList(
    { ...authority, keys: { ...newEcKeys(), identifier: authority.keys.identifier } },
    {
      revoked: [removed],
      extensions: [listNumber(8), deltaTo(5)],
    },
  )
}

/** A delta that is signed, and of which no entry counts. */
function unreadable(): List {
  return delta([[1, critical(unknownExtension())]])
}

function unnumbered(entries: readonly Entry[]): List {
  return issueList(authority, { revoked: entries, extensions: [deltaTo(5)], without: ['2.5.29.20'] })
}
