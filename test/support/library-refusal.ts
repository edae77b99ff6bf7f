import * as oauth from 'oauth4webapi'

/** What oauth4webapi, and openid-client through it, has read of a refusal: the status with the error of the body or of the challenge. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'no refusal',
    (fault: unknown) => fault,
  )
  if (error instanceof oauth.ResponseBodyError) return `${error.status} ${error.error}`
  if (error === 'no refusal') return error
  if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error
  const [challenge] = error.cause
  return `${error.status} ${challenge?.scheme} ${challenge?.parameters.error ?? ''}`.trim()
}
