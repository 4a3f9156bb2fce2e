declare const WIDGET_VERSION: string;

/** The version of this file, inserted by the build. */
export const version = WIDGET_VERSION;
