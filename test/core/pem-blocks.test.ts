import { splitPem } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

const block = (label = 'CERTIFICATE', base64 = '\nMIIB\nAA==\n') => `-----BEGIN ${label}-----${base64}-----END ${label}-----`
const certificate = block()
const list = block('X509 CRL')

describe('PEM text (RFC 7468)', () => {
  test.each<[string, string, readonly string[]]>([
    ['no block', 'nothing of the kind', []],
    ['a block', certificate, [certificate]],
    ['blocks of several labels', `${certificate}\n${list}\n`, [certificate, list]],
    ['blocks without anything between', certificate + certificate, [certificate, certificate]],
    ['lines that end as on Windows', `${block(undefined, '\r\nMIIB\r\n')}\r\n`, [block(undefined, '\r\nMIIB\r\n')]],
    ['an explanation around each', `Root - 2030 -----\n====\n${certificate}\nCN=A-B\n${list}\nROOT-CA`, [certificate, list]],
    ['a line of hyphens', `----------\n${certificate}\n----------\n`, [certificate]],
  ])('is split with %s', (_, text, blocks) => {
    expect(splitPem(text)?.map((one) => one.text)).toEqual(blocks)
  })

  test('each block has its label and what stands in it', () => {
    expect(splitPem(`${certificate}${list}`)).toEqual([
      { label: 'CERTIFICATE', base64: '\nMIIB\nAA==\n', text: certificate },
      { label: 'X509 CRL', base64: '\nMIIB\nAA==\n', text: list },
    ])
  })

  const whole = `${list}\n`
  test.each<[string, string]>([
    ['an end of another label', `${whole}-----BEGIN CERTIFICATE-----\nMIIB\n-----END X509 CRL-----`],
    ['a hyphen inside', `${whole}${block('X509 CRL', '\nMI-IB\n')}`],
    ['no end before the next', `-----BEGIN X509 CRL-----\nMIIB\n${whole}`],
    ['no beginning', `MIIB\n-----END X509 CRL-----\n${whole}`],
    ['a beginning with a hyphen too few', `${whole}${list.slice(1)}`],
  ])('is not where a block has %s', (_, text) => {
    expect(splitPem(text)).toBeUndefined()
  })

  test('is not wherever its last block is cut off', () => {
    for (let length = 1; length < list.length; length++) {
      const text = whole + list.slice(0, length)
      expect(splitPem(text), text).toBeUndefined()
    }
  })
})
