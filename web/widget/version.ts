declare const WIDGET_VERSION: string;

/** Of this file, put in by the build. */
export const version = WIDGET_VERSION;
