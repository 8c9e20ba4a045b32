/* Passkeys: a form with data-passkey ("make", "use" or "come-in") asks the browser for one and is sent with what it gave.
   Without a script, or where the browser knows no passkeys, the form stays hidden: the six digits do as well. */
(() => {
  'use strict'

  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0))
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const listed = (list = []) => list.map(each => ({ ...each, id: bytes(each.id) }))

  async function make (options) {
    const asked = options.publicKey
    const found = await navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: listed(asked.excludeCredentials),
        authenticatorSelection: {
          ...asked.authenticatorSelection,
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required'
        }
      }
    })
    return said(found, ['clientDataJSON', 'attestationObject'])
  }

  async function use (options) {
    const asked = options.publicKey
    const found = await navigator.credentials.get({
      publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: listed(asked.allowCredentials) }
    })
    return said(found, ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'])
  }

  function said (found, names) {
    const response = {}
    for (const name of names) if (found.response[name]) response[name] = text(found.response[name])
    return {
      id: found.id,
      rawId: text(found.rawId),
      type: found.type,
      authenticatorAttachment: found.authenticatorAttachment,
      clientExtensionResults: found.getClientExtensionResults(),
      response
    }
  }

  async function comeIn (form) {
    const answer = await fetch(form.action, { headers: { Accept: 'application/json' } })
    return use((await answer.json()).request_options)
  }

  async function ask (form) {
    if (form.dataset.passkey === 'come-in') return comeIn(form)
    const options = JSON.parse(form.dataset.options)
    return form.dataset.passkey === 'make' ? make(options.creation_options) : use(options.request_options)
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    if (!window.PublicKeyCredential) continue
    form.hidden = false
    form.addEventListener('submit', async event => {
      event.preventDefault()
      const failed = form.querySelector('[data-failed]')
      failed.hidden = true
      try {
        form.elements.credential.value = JSON.stringify(await ask(form))
        form.submit()
      } catch {
        failed.hidden = false
      }
    })
  }
})()
