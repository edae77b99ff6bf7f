import { type Definition, flag, needed, none, text, trust } from './definition.js'

const registrationModes = ['open', 'token', 'statement', 'statement-or-token'] as const

/** The commands around a registration endpoint. */
export const registrationDefinitions = {
  serve: {
    describe: 'Run a registration endpoint: clients register over HTTP (RFC 7591, RFC 7592, RFC 8414)',
    operands: none,
    options: {
      config: text('JSON file with everything that can be configured; flags go before it'),
      host: text('Address to listen at; default: 127.0.0.1'),
      port: text('Port to listen at, 0 for a free one; default: 7591'),
      issuer: text('The issuer identifier, of which every URL is made; default: where it listens'),
      store: text('SQLite file, postgres://..., env:NAME, or memory; default: software-statement.db'),
      mode: { ...text('Who may register; default: open'), choices: registrationModes },
      trust: text(`${trust}; read again at SIGHUP`),
    },
    notes: `Without flags anybody may register, and clients are kept in the file software-statement.db, readable by its owner only.
The first line of standard error is the URL to register at; a log follows, one JSON object a line, without secrets, tokens
and statements. Paths: POST /reg, GET, PUT and DELETE /reg/CLIENT_ID, /.well-known/oauth-authorization-server, /health (200 while
the store can be written, else 503) and /metrics (Prometheus).
Checked of every request: size and form, strict JSON, the token or statement that the mode asks for, every rule of verify --request,
what the server supports, and how often one address asks. A mode that needs statements needs --trust.
An issuer is an https URL, or http on this machine; TLS is for a proxy before this server ("proxies" in the configuration).
SIGHUP reads the trust file again; an invalid one changes nothing. SIGTERM and SIGINT take no more connections, let requests end
within 10 seconds and close the store; a second one ends at once.
Exit code: 0 ended by a signal, 2 usage or configuration, 3 the store cannot be opened.`,
    examples: [
      ['$0 serve', 'let anybody on this machine register'],
      ['$0 serve --mode statement --trust trust.json --issuer https://as.example', 'demand statements'],
      ['$0 serve --config server.json --store env:DATABASE_URL', 'everything else from a file'],
    ],
  },
  register: {
    describe: 'Register a client at a server',
    operands: { usage: 'SERVER', least: 1, most: 1 },
    options: {
      metadata: needed('Client metadata: JSON file, or - for standard input'),
      statement: text('File with the software statement to send along'),
      token: text('Initial access token, or better file:PATH or env:NAME of one: command lines are seen by others'),
      out: text('File for the whole answer with its secrets (mode 0600); must not be there yet'),
      force: flag('Let --out replace a file'),
    },
    notes: `SERVER is an issuer URL. Its metadata is looked up (RFC 8414, then OpenID Connect Discovery) and must have exactly this issuer.
With --out the file gets everything the server answers, and standard output shows it without secrets and tokens; without --out all of it
goes to standard output, since secrets are told once. The file is made before anything is sent.
Requests go to public addresses over https. A SERVER at a private address or on this machine is asked because it is named, http is for
this machine only; what its metadata names elsewhere has to be public.
Exit code: 0 registered, 1 refused (error and description on standard error), 2 usage or configuration, 3 could not find out.`,
    examples: [
      ['$0 register https://as.example --metadata metadata.json --out client.json', 'register'],
      [
        '$0 register https://as.example --metadata - --statement statement.jwt --token env:TOKEN < metadata.json',
        'with credentials',
      ],
    ],
  },
  client: {
    describe: 'Read, update or delete a registered client (RFC 7592)',
    actions: ['get', 'update', 'delete'],
    operands: { usage: 'get|update|delete FILE', least: 2, most: 2 },
    options: {
      metadata: text('For update: all metadata of the client from now on: JSON file, or - for standard input'),
      statement: text('For update: file with the software statement to send along'),
    },
    notes: `FILE is what register --out has written: it has the registration_client_uri and the registration_access_token.
get shows what the server has, without secrets and tokens. update replaces it: what the metadata does not name is given up; client_id is
added, and what a client must not send (tokens, times, registration_client_uri) is left out. After both the file holds the newest
answer, with the secret kept where the server does not repeat it. delete removes the client, and then the file.
The host in the file is asked because the file names it; http is for this machine only.
Exit code: 0 done, 1 refused (error and description on standard error), 2 usage or configuration, 3 could not find out.`,
    examples: [
      ['$0 client get client.json', 'show what is registered'],
      ['$0 client update client.json --metadata metadata.json', 'replace it'],
      ['$0 client delete client.json', 'remove it'],
    ],
  },
  token: {
    describe: "Make an initial access token for a server of one's own",
    actions: ['create'],
    operands: { usage: 'create', least: 1, most: 1 },
    options: {
      store: needed('The store of the server: SQLite file, postgres://... or env:NAME'),
      count: text('How many registrations it is good for, or unlimited; default: 1'),
      'expires-in': text('How long it counts, such as "7 days"; default: until it is used up'),
    },
    notes: `The token goes to standard output, this one time: the store has its digest only. It works while a server uses the same store.
A SQLite file has to be there: the server makes it when it starts for the first time.
Exit code: 0 made, 2 usage or configuration, 3 the store cannot be opened.`,
    examples: [
      ['$0 token create --store software-statement.db --count 5 --expires-in "7 days"', 'let somebody register five clients'],
    ],
  },
} as const satisfies Readonly<Record<string, Definition>>
