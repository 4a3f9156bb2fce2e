/** How far the functions' clock is off, shared with their threads: one 64-bit float of milliseconds. */
export type ClockOffset = SharedArrayBuffer;

export const createClockOffset = (): ClockOffset => new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);

export function setClockOffset(offset: ClockOffset, milliseconds: number): void {
  new Float64Array(offset)[0] = milliseconds;
}

/** From now on this thread's wall clock is off by what the offset says; its monotonic clocks and timers go on as they are. */
export function shiftClock(offset: ClockOffset): void {
  const shared = new Float64Array(offset);
  const TrueDate = Date;
  const trueNow = Date.now;
  Date.now = () => trueNow() + Math.round(shared[0] ?? 0);
  globalThis.Date = new Proxy(TrueDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [TrueDate.now()] : given, newTarget) as object,
  });
}
