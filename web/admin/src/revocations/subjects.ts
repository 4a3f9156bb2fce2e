export interface Subject {
  readonly kind: 'user' | 'client' | 'app';
  readonly name: string;
  readonly hint: string;
  readonly whom: string;
}

export const subjects: readonly [Subject, ...Subject[]] = [
  {
    kind: 'user',
    name: 'User',
    hint: 'The userid that the customer’s server states',
    whom: 'That user, in every app and every browser: their widgets stop until their server gets them new tokens.',
  },
  {
    kind: 'client',
    name: 'Client',
    hint: 'The clientid that the customer’s server states',
    whom: 'All users of that client, in every app and every browser: their widgets stop until their server gets them new tokens.',
  },
  {
    kind: 'app',
    name: 'App',
    hint: 'The appid that the customer’s server states',
    whom: 'All users of that app, in every browser: their widgets stop until their server gets them new tokens.',
  },
];
