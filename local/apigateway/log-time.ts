const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number: number) => String(number).padStart(2, "0");
let lastSecond = Number.NaN;
let lastTime = "";

/**
 * Formats a time as the Common Log Format does.
 * @example commonLogTime(1_584_039_838_000) // "12/Mar/2020:19:03:58 +0000"
 */
export function commonLogTime(epochMilliseconds: number): string {
  const second = Math.floor(epochMilliseconds / 1_000);
  if (second === lastSecond) return lastTime;
  const date = new Date(second * 1_000);
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  lastSecond = second;
  lastTime = `${day}:${time} +0000`;
  return lastTime;
}
