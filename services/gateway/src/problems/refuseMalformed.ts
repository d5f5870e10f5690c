import type { Socket } from 'node:net';

const BAD_REQUEST = {
  status: 400,
  reason: 'Bad Request',
  detail: 'This is not HTTP/1.1 as RFC 9112 has it.',
};
/** By Node's code of the error. */
const REFUSALS: Readonly<Record<string, typeof BAD_REQUEST>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    detail: 'The request did not arrive in time. Send it again.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    detail: 'The headers are too large. Send fewer or shorter ones.',
  },
};

/**
 * Answers what is no request at all, on the bare connection, and closes it: after bytes that could not be read
 * nothing says where the next request begins.
 */
export function refuseMalformed(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, reason, detail } = REFUSALS[error.code ?? ''] ?? BAD_REQUEST;
  if (socket.writable) {
    const body = JSON.stringify({
      type: 'urn:rapport:problem:bad-request',
      title: 'The request is malformed',
      status,
      detail,
    });
    socket.write(
      [
        `HTTP/1.1 ${status} ${reason}`,
        'Content-Type: application/problem+json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Cache-Control: no-store',
        'X-Content-Type-Options: nosniff',
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroySoon();
}
