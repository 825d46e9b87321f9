import { describe, expect, test } from 'vitest';
import { isLoopback, readAddress } from '../../target/settings-address.ts';

describe('an address that is taken', () => {
  test.each([
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['https://api.example.com/v1/products//', 'https://api.example.com/v1/products'],
    ['HTTPS://API.Example.com/V1', 'https://api.example.com/V1'],
    ['http://[::1]:8080/base', 'http://[::1]:8080/base'],
    ['https://api.example.com:443', 'https://api.example.com'],
    ['http://127.1', 'http://127.0.0.1'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://api.example.com/a%20b', 'https://api.example.com/a%20b'],
  ])('%s', (text, address) => {
    expect(readAddress(text, false)).toEqual({ address });
  });

  test('keeps a query where one is allowed', () => {
    expect(readAddress('https://id.example.com/token?tenant=a', true)).toEqual({ address: 'https://id.example.com/token?tenant=a' });
  });
});

describe('an address that is not taken', () => {
  test.each([
    ['localhost:8080', 'did you mean http://localhost:8080?'],
    ['localhost', 'did you mean http://localhost?'],
    ['127.0.0.1:80/v1', 'did you mean http://127.0.0.1:80/v1?'],
    ['[::1]:8080', 'did you mean http://[::1]:8080?'],
    ['::1', 'did you mean http://[::1]?'],
    ['api.example.com/v1', 'did you mean https://api.example.com/v1?'],
    ['//api.example.com', 'did you mean https://api.example.com?'],
    ['http:/localhost:80', 'did you mean http://localhost:80?'],
    ['https:localhost', 'did you mean https://localhost?'],
    ['http://::1:8080', 'an IPv6 address stands in brackets, http://[::1]:8080'],
    ['http://localhost:99999', 'a port is at most 65535'],
    ['http://', 'the host or the port in it cannot be read'],
    ['http://local host', 'take out the white space, control characters and backslashes'],
    ['http:\\\\localhost', 'take out the white space, control characters and backslashes'],
    ['http://localhost\r\nX: y', 'take out the white space, control characters and backslashes'],
    ['http://localhost\u0000', 'take out the white space, control characters and backslashes'],
    ['http://localhost/?x=1', 'take out the query from ? on'],
    ['http://localhost?', 'take out the query from ? on'],
    ['http://localhost/#x', 'take out the fragment from # on'],
    ['ftp://localhost', undefined],
    ['file:///etc/passwd', undefined],
    ['javascript:alert(1)', undefined],
    ['hello', undefined],
    ['', undefined],
  ])('%j', (text, advice) => {
    const read = readAddress(text, false);
    expect(read).not.toHaveProperty('address');
    expect('came' in read ? read.advice : '').toBe(advice);
  });

  test.each([
    'https://user:hunter2@api.example.com',
    'user:hunter2@api.example.com',
    'https://hunter2@api.example.com/',
    'https://api.example.com/?key=hunter2',
    'api.example.com?key=hunter2',
    'ftp://api.example.com/?key=hunter2',
    'http://api.example.com:99999/?key=hunter2',
    'http://api.example.com/#hunter2',
  ])('never shows what may be a secret: %s', (text) => {
    const read = readAddress(text, false);
    expect(read).toHaveProperty('came');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});

test.each([
  ['http://localhost:1', true],
  ['http://127.0.0.1', true],
  ['http://127.255.0.3:80/x', true],
  ['http://[::1]:80', true],
  ['http://[0:0:0:0:0:0:0:1]', true],
  ['http://128.0.0.1', false],
  ['http://127.0.0.1.example.com', false],
  ['http://localhost.example.com', false],
  ['http://10.0.0.1', false],
  ['http://[::2]', false],
])('loopback or not: %s', (address, loopback) => {
  expect(isLoopback(address)).toBe(loopback);
});
