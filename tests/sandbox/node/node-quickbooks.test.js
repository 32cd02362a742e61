// node-quickbooks, unchanged and pointed at the sandbox server by configuration only.
'use strict';

const assert = require('node:assert/strict');
const { Readable } = require('node:stream');
const { before, test } = require('node:test');
const { promisify } = require('node:util');

const QuickBooks = require('node-quickbooks');

const BASE = process.env.SANDBOX_URL;

QuickBooks.V3_ENDPOINT_BASE_URL = `${BASE}/v3/company/`;
QuickBooks.TOKEN_URL = `${BASE}/oauth2/v1/tokens/bearer`;
QuickBooks.REVOKE_URL = `${BASE}/v2/oauth2/tokens/revoke`;

// The methods of node-quickbooks as promises; the callback's second value is the object.
let qbo;
const call = (name, ...args) => promisify(qbo[name].bind(qbo))(...args);

before(async () => {
  const granted = await (await fetch(`${BASE}/control/tokens`, { method: 'POST' })).json();
  qbo = new QuickBooks(
    'sandbox-client', 'sandbox-secret', granted.access_token, false, granted.realmId, true, false, 75, '2.0',
    granted.refresh_token,
  );
  await call('refreshAccessToken');
});

const line = (amount) => ({
  Amount: amount,
  DetailType: 'SalesItemLineDetail',
  SalesItemLineDetail: { ItemRef: { value: '2' } },
});
const invoice = (number) => ({ CustomerRef: { value: '1' }, DocNumber: number, Line: [line(98.5)] });

test('node-quickbooks reads, finds, creates and changes lists', async () => {
  assert.equal((await call('getCompanyInfo', qbo.realmId)).Country, 'US');
  assert.ok((await call('getPreferences')).SalesFormsPrefs);
  const made = await call('createCustomer', { DisplayName: "O'Hara & Søn" });
  const found = await call('findCustomers', [
    { field: 'DisplayName', value: "O'Hara%", operator: 'LIKE' }, { field: 'fetchAll', value: true },
  ]);
  assert.deepEqual(found.QueryResponse.Customer.map((one) => one.Id), [made.Id]);
  const changed = await call('updateCustomer', { Id: made.Id, SyncToken: made.SyncToken, Notes: 'new' });
  assert.equal(changed.Notes, 'new');
  const counted = await call('findCustomers', { DisplayName: "O'Hara & Søn", count: true });
  assert.equal(counted.QueryResponse.totalCount, 1);
  await assert.rejects(call('createCustomer', { DisplayName: "o'hara & søn" }));
});

test('node-quickbooks makes an invoice once, prints, sends, voids and deletes it', async () => {
  const made = await call('createInvoice', { ...invoice('N-1'), requestId: 'node-1' });
  const again = await call('createInvoice', { ...invoice('N-1'), requestId: 'node-1' });
  assert.equal(again.Id, made.Id);
  const pdf = await call('getInvoicePdf', made.Id);
  assert.equal(Buffer.from(pdf).subarray(0, 5).toString(), '%PDF-');
  const sent = await call('sendInvoicePdf', made.Id, 'accounts@quillstone.example');
  assert.equal(sent.EmailStatus, 'EmailSent');
  const voided = await call('voidInvoice', made.Id);
  assert.equal(voided.Invoice.TotalAmt, 0);
  assert.equal((await call('deleteInvoice', made.Id)).Invoice.status, 'Deleted');
});

test('node-quickbooks sends a batch and hears what changed', async () => {
  const since = new Date(Date.now() - 5 * 60 * 1000);
  const answer = await call('batch', [
    { bId: '1', operation: 'create', Invoice: invoice('N-2') },
    { bId: '2', operation: 'create', Customer: { DisplayName: 'Kestrel Dental' } },
    { bId: '3', Query: "select * from Term where Name = 'Net 30'" },
  ]);
  const items = Object.fromEntries(answer.BatchItemResponse.map((item) => [item.bId, item]));
  assert.equal(items[1].Invoice.DocNumber, 'N-2');
  assert.equal(items[2].Fault.Error[0].code, '6240');
  assert.equal(items[3].QueryResponse.Term[0].Id, '3');
  const changes = await call('changeDataCapture', ['Invoice', 'Vendor'], since.toISOString());
  const [{ QueryResponse: parts }] = changes.CDCResponse;
  assert.ok(parts.some((part) => (part.Invoice || []).some((one) => one.DocNumber === 'N-2')));
});

test('node-quickbooks uploads a file and attaches it', async () => {
  const content = Buffer.from('a proof\n');
  const made = await call('upload', 'proof.txt', 'text/plain', Readable.from([content]), 'Customer', '1');
  assert.equal(made.AttachableRef[0].EntityRef.value, '1');
  assert.equal(made.FileName, 'proof.txt');
  const file = await fetch(made.TempDownloadUri);
  assert.equal(Buffer.from(await file.arrayBuffer()).toString(), 'a proof\n');
});

test('node-quickbooks revokes', async () => {
  const { token, realmId } = qbo;
  await call('revokeAccess', true);
  const answer = await fetch(`${BASE}/v3/company/${realmId}/preferences`, {
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
  });
  assert.equal(answer.status, 401);
});
