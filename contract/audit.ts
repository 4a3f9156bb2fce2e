/** The subject of changes that concern no shop. No shop has this id. */
export const DEPLOYMENT_SUBJECT = 'deployment';

/** The subject of log-ins, failed log-ins and log-outs of administrators, apart from what they change: strangers reach the function that writes here. */
export const LOGINS_SUBJECT = 'logins';

/** Where refused calls stand: apart from what administrators did, so that who writes the one can't write the other. */
export const REFUSED_PREFIX = 'refused/';
