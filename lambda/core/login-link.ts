/** A one-time link into the console: who opens it is logged in as whoever asked for it. Times are Unix seconds. */
export interface LoginLink {
  /** SHA-256 of the id of the session that asked, in hex: that session says who it is, and the link is nothing without it. */
  readonly askedBy: string;
  readonly expiresAt: number;
}

/** Whether a link's minute is over. */
export const isExpired = ({ expiresAt }: LoginLink, nowSeconds: number): boolean => nowSeconds >= expiresAt;
