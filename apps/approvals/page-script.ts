/** The page's one script: it asks the passkey and submits. It reads nothing but the options that the page carries. */
export const PAGE_SCRIPT = `'use strict';
const form = document.getElementById('approve');
const say = (text) => { document.getElementById('status').textContent = text; };
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

async function assertion() {
  const { challenge, rpId, allowCredentials, userVerification, timeout } = JSON.parse(document.getElementById('webauthn-options').textContent);
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge), rpId, userVerification, timeout,
      allowCredentials: allowCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
    },
  });
  const { clientDataJSON, authenticatorData, signature } = credential.response;
  return {
    id: credential.id, rawId: base64url(credential.rawId), type: credential.type, clientExtensionResults: {},
    response: { clientDataJSON: base64url(clientDataJSON), authenticatorData: base64url(authenticatorData), signature: base64url(signature) },
  };
}

if (form && window.PublicKeyCredential) {
  const button = form.querySelector('button');
  button.disabled = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    say('Waiting for your passkey …');
    try {
      form.elements.assertion.value = JSON.stringify(await assertion());
      say('Sending your approval …');
      form.submit();
    } catch {
      button.disabled = false;
      say('The passkey was not used, and nothing was decided. You can try again.');
    }
  });
} else if (form) {
  say('This browser has no passkeys. Open the link on a device that holds yours.');
}
`;
