// Intuit's own OAuth client for Node, unchanged and pointed at the sandbox server by configuration only.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const OAuthClient = require('intuit-oauth');

const BASE = process.env.SANDBOX_URL;

OAuthClient.environment.sandbox = `${BASE}/`;
OAuthClient.jwks_uri = `${BASE}/op/v1/jwks`;

function oauthClient() {
  const client = new OAuthClient({
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
    environment: 'sandbox',
    redirectUri: 'http://localhost:8000/callback',
    includeRefreshTokenHardExpiresIn: true,
  });
  return client.setAuthorizeURLs({
    authorizeEndpoint: `${BASE}/connect/oauth2`,
    tokenEndpoint: `${BASE}/oauth2/v1/tokens/bearer`,
    revokeEndpoint: `${BASE}/v2/oauth2/tokens/revoke`,
    userInfoEndpoint: `${BASE}/v1/openid_connect/userinfo`,
  });
}

async function control(path, body) {
  const answer = await fetch(`${BASE}/control/${path}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  return answer.json();
}

// What a person does on the consent page: choose the first company and agree.
async function consent(address) {
  const form = new URLSearchParams(new URL(address).search);
  form.set('company', 'us');
  form.set('decision', 'allow');
  const answer = await fetch(`${BASE}/connect/oauth2`, { method: 'POST', body: form, redirect: 'manual' });
  return answer.headers.get('location');
}

test('intuit-oauth connects, checks the id_token, calls, refreshes, sees the rotation and revokes', async () => {
  const client = oauthClient();
  const scope = [OAuthClient.scopes.Accounting, OAuthClient.scopes.OpenId, OAuthClient.scopes.Email];
  const back = await consent(client.authorizeUri({ scope, state: 'a-state' }));
  assert.equal(new URL(back).searchParams.get('state'), 'a-state');

  const granted = await client.createToken(back);
  assert.equal(granted.json.expires_in, 3600);
  assert.ok(granted.json.x_refresh_token_hard_expires_in > 100000000);
  assert.ok(granted.intuit_tid || granted.get_intuit_tid());
  assert.equal(await client.validateIdToken(), true);
  assert.ok((await client.getUserInfo()).json.email);

  const { realmId } = client.getToken();
  const company = await client.makeApiCall({ url: `v3/company/${realmId}/companyinfo/${realmId}` });
  assert.equal(company.json.CompanyInfo.CompanyName, 'Northgate Promo Co.');

  const first = client.getToken().refresh_token;
  await client.refresh();
  assert.equal(client.getToken().refresh_token, first);
  await control('clock', { advance: 86400 });
  await client.refresh();
  assert.notEqual(client.getToken().refresh_token, first);
  await assert.rejects(client.refreshUsingToken(first));

  const token = client.getToken().access_token;
  await client.revoke();
  const answer = await fetch(`${BASE}/v3/company/${realmId}/preferences`, {
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
  });
  assert.equal(answer.status, 401);
});

test('intuit-oauth reports a fault with its code and number', async () => {
  const client = oauthClient();
  const granted = await control('tokens', {});
  client.getToken();
  client.setToken({ ...granted, token_type: 'bearer', expires_in: 3600 });
  await assert.rejects(
    client.makeApiCall({ url: `v3/company/${granted.realmId}/customer/9999` }),
    (error) => error.code === '610' && Boolean(error.intuitTid),
  );
});
