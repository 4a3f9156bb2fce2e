/** The subject of changes that affect no shop. No shop has this id. */
export const DEPLOYMENT_SUBJECT = 'deployment';

/**
 * The subject of log-ins and failed log-ins of administrators. It is separate from the subjects of their changes, because anyone can reach
 * the function that writes here. A query for it also returns the log-outs.
 */
export const LOGINS_SUBJECT = 'logins';

/** The subject of log-outs. It is separate, so that the function of the log-ins cannot overwrite them. */
export const LOGOUTS_SUBJECT = 'log-outs';

/**
 * The subject of refused calls. It is separate from the subjects of administrators' changes, so that a function that
 * may write one cannot write the other.
 */
export const REFUSED_PREFIX = 'refused/';
