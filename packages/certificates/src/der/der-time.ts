import { DerFault } from './der-fault.js'
import { type DerReader, tags } from './der-reader.js'
import { readAscii } from './der-values.js'

/** YYMMDDhhmmssZ or YYYYMMDDhhmmssZ: with seconds, without fractions, in UTC (RFC 5280 4.1.2.5.1, 4.1.2.5.2). */
const form = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/

/**
 * The next element as a time, in seconds since 1970. A UTCTime is of the years 1950 to 2049. A GeneralizedTime may be of any year: issuers
 * must not use it before 2050, but what it says is clear.
 *
 * Throws `DerFault`.
 */
export function nextTime(reader: DerReader): number {
  const element = reader.read()
  const isUtcTime = element.tag === tags.utcTime
  if (!isUtcTime && element.tag !== tags.generalizedTime) throw new DerFault('a time is neither UTCTime nor GeneralizedTime')
  const parts = form.exec(readAscii(element))?.slice(1)
  if (parts === undefined || parts[0]?.length !== (isUtcTime ? 2 : 4))
    throw new DerFault('a time is not written as RFC 5280 has it')
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number)
  const date = new Date(0)
  date.setUTCFullYear(isUtcTime ? year + (year < 50 ? 2000 : 1900) : year, month - 1, day)
  date.setUTCHours(hours, minutes, seconds)
  const isOnCalendar =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hours &&
    date.getUTCMinutes() === minutes &&
    date.getUTCSeconds() === seconds
  if (!isOnCalendar) throw new DerFault('a time is not on the calendar')
  return date.getTime() / 1000
}
