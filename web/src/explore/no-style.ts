// In place of `react-style-singleton`, with which the dialogs and menus of GraphiQL add inline styles against scrolling. The
// content security policy refuses inline styles; wheel and touch are held back by script anyway.
export const styleSingleton = () => (): null => null;
export const styleHookSingleton = () => (): void => undefined;
export const stylesheetSingleton = () => ({ add: (): void => undefined, remove: (): void => undefined });
