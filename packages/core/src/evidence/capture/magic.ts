/**
 * The first four bytes of a packet capture, whatever the file is called: pcap in microseconds and nanoseconds, in both
 * byte orders, and the section header of pcapng.
 *
 * @see https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
 * @see https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
 */
export const MAGIC_BYTES = 4;

const PCAP = [0xa1b2_c3d4, 0xa1b2_3c4d, 0xd4c3_b2a1, 0x4d3c_b2a1];
const PCAPNG = 0x0a0d_0d0a;

/** @param head the first bytes of the file, four at least */
export const isCapture = (head: Uint8Array): boolean => captureFormat(head) !== null;

export function captureFormat(head: Uint8Array): "pcap" | "pcapng" | null {
  const [a = 0, b = 0, c = 0, d = 0] = head;
  const magic = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  if (magic === PCAPNG) return "pcapng";
  return PCAP.includes(magic) ? "pcap" : null;
}
