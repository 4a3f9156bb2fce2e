/** The subject of what concerns no shop. Shop ids have none of these. */
export const DEPLOYMENT_SUBJECT = 'deployment';

/** Where refused calls stand: apart from what administrators did, so that who writes the one can't write the other. */
export const REFUSED_PREFIX = 'refused/';
