/** The subject of changes that concern no shop. No shop has this id. */
export const DEPLOYMENT_SUBJECT = 'deployment';

/**
 * The subject of log-ins and failed log-ins of administrators, apart from what they change: strangers reach the function that writes here. A query
 * for it also returns the log-outs.
 */
export const LOGINS_SUBJECT = 'logins';

/** The subject of log-outs: apart, so that the function of the log-ins cannot write over them. */
export const LOGOUTS_SUBJECT = 'log-outs';

/** Where refused calls stand: apart from what administrators did, so that who writes the one can't write the other. */
export const REFUSED_PREFIX = 'refused/';
