// Generated documents with the verdicts and the coerced variables of graphql-js 16 and 17, as a JSON array.
//
// Arguments: the SDL, a seed, the number of documents and, optionally, `--coverage`, which writes the number of documents
// that break each rule to standard error. About half of the documents are valid; the others are valid ones with a change in their text,
// their variables or their operation name.
import { readFileSync } from 'node:fs'
import * as v16 from 'graphql'
import * as v17 from 'graphql17'

const [path, seed, count, option] = process.argv.slice(2)
const sdl = readFileSync(path, 'utf8')

// A small generator of random numbers (mulberry32), so that a seed gives the same documents everywhere.
let state = Number(seed)
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = (limit) => Math.floor(random() * limit)
const pick = (items) => items[below(items.length)]
const chance = (probability) => random() < probability

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/
function dateTime(value) {
  const parts = typeof value === 'string' && RFC3339.exec(value)
  const [, year, month, day, hour, minute, second, , offsetHour = 0, offsetMinute = 0] = (parts || []).map((part) => Number(part ?? 0))
  // The calendar repeats every 400 years, and years below 100 have a meaning of their own here.
  const days = parts && new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  const offset = (parts?.[7] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute)
  // A leap second is the last second of a day in UTC.
  const ends = (hour * 60 + minute - offset + 2880) % 1440 === 1439
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= days && hour <= 23 && minute <= 59 && offsetHour <= 23 && offsetMinute <= 59
  if (!parts || !inRange || second > (ends ? 60 : 59)) throw new Error('not a date and time of RFC 3339')
  return value
}

function load(js) {
  const schema = js.buildSchema(sdl)
  const type = schema.getType('DateTime')
  const literal = (node) => dateTime(node.kind === 'StringValue' ? node.value : undefined)
  Object.assign(type, { parseValue: dateTime, coerceInputValue: dateTime, parseLiteral: literal, coerceInputLiteral: literal })
  return schema
}
const versions = { v16: [v16, load(v16)], v17: [v17, load(v17)] }
const schema = versions.v16[1]

// Texts of scalars, as a literal and as JSON.
const SCALARS = {
  Int: [['0', '0'], ['-0', '-0'], ['7', '7.0'], ['2147483647', '1e0'], ['-2147483648', '-2147483648']],
  Float: [['1', '1'], ['-1.5', '0.25'], ['1e3', '1e3'], ['0.1E-2', '12']],
  String: [['"a"', '"a"'], ['"\\u{1F600}"', '""'], ['"\\uD83D\\uDE00"', '"\\n"'], ['"""b\\"""c"""', '"x"'], ['""', '"ß"']],
  ID: [['"x"', '"x"'], ['5', '5'], ['-3', '7.0'], ['123456789012345678901234567890', '"y"']],
  Boolean: [['true', 'true'], ['false', 'false']],
  DateTime: [['"2026-01-31T12:00:00Z"', '"2026-01-31T12:00:00.5+01:00"'], ['"2024-02-29T23:59:59.123456Z"', '"2000-01-01T00:00:00-08:00"'], ['"1990-12-31t15:59:60-08:00"', '"0000-02-29T00:00:00z"']],
  JSON: [['{ a: [1, null] }', '{ "a": [1, null] }'], ['"t"', '5']],
}

// The document that is being written.
class Writer {
  variables = []
  fragments = []
  budget = 40
  depth = 0

  // The text of a value, in which variables may stand, as a literal or as JSON.
  value(type, json, fixed) {
    if (v16.isNonNullType(type)) return this.value(type.ofType, json, fixed ?? true)
    if (!json && this.depth < 3 && chance(0.2)) return this.variable(type, fixed)
    if (!fixed && chance(0.08)) return 'null'
    if (v16.isListType(type)) {
      if (chance(0.15)) return this.inside(() => this.value(type.ofType, json, true))
      const items = Array.from({ length: below(3) }, () => this.inside(() => this.value(type.ofType, json)))
      return `[${items.join(json ? ',' : pick([', ', ' ', ',']))}]`
    }
    if (v16.isEnumType(type)) {
      const name = pick(type.getValues()).name
      return json ? JSON.stringify(name) : name
    }
    if (v16.isInputObjectType(type)) return this.object(type, json)
    return pick(SCALARS[type.name] ?? SCALARS.JSON)[json ? 1 : 0]
  }

  inside(work) {
    this.depth += 1
    try {
      return work()
    } finally {
      this.depth -= 1
    }
  }

  object(type, json) {
    const fields = Object.values(type.getFields())
    const chosen = type.isOneOf
      ? [pick(fields)]
      : fields.filter((field) => v16.isRequiredInputField(field) || (this.depth < 4 && chance(0.3)))
    const texts = chosen.map((field) => {
      const value = this.inside(() => this.value(type.isOneOf ? new v16.GraphQLNonNull(field.type) : field.type, json))
      return json ? `${JSON.stringify(field.name)}:${value}` : `${field.name}: ${value}`
    })
    return `{${texts.join(json ? ',' : ' ')}}`
  }

  variable(type, fixed) {
    const name = `v${this.variables.length}`
    const variable = { name }
    this.variables.push(variable)
    const withDefault = chance(0.3)
    const nonNull = fixed ? !withDefault || chance(0.5) : chance(0.3)
    variable.type = `${type}${nonNull ? '!' : ''}`
    variable.default = withDefault ? this.constant(type) : undefined
    if ((nonNull && !withDefault) || chance(0.7)) variable.json = this.inside(() => this.value(type, true, nonNull || fixed))
    return `$${name}`
  }

  constant(type) {
    const writer = new Writer()
    writer.depth = 9
    return writer.value(type, false, true)
  }

  conditions() {
    const condition = () => (chance(0.5) ? pick(['true', 'false']) : this.variable(v16.GraphQLBoolean, true))
    let text = ''
    for (const name of ['skip', 'include']) if (chance(0.06)) text += ` @${name}(if: ${condition()})`
    return text
  }

  selections(type, level) {
    const named = v16.getNamedType(type)
    const texts = []
    const fields = v16.isUnionType(named) ? [] : Object.values(named.getFields())
    for (let left = 1 + below(3); left > 0 && this.budget > 0; left -= 1) {
      const kind = random()
      if (kind < 0.1 && level > 0) {
        texts.push(`...${chance(0.5) ? ` on ${named.name}` : ''}${this.conditions()} ${this.selections(named, level + 1)}`)
      } else if (kind < 0.2 && level > 0) {
        const name = `F${this.fragments.length}`
        const fragment = { name }
        this.fragments.push(fragment)
        fragment.text = `fragment ${name} on ${named.name}${chance(0.1) ? ' # comment\n' : ''} ${this.selections(named, level + 1)}`
        texts.push(`...${name}${this.conditions()}`)
      } else {
        texts.push(this.field(fields, level) ?? '__typename')
      }
    }
    return `{ ${texts.length ? texts.join(' ') : '__typename'} }`
  }

  field(fields, level, conditions = true) {
    const deep = (field) => !v16.isLeafType(v16.getNamedType(field.type))
    const usable = fields.filter((field) => level < 4 || !deep(field))
    if (!usable.length) return undefined
    const field = pick(usable)
    this.budget -= 1
    const values = field.args.filter((argument) => v16.isRequiredArgument(argument) || chance(0.35))
    const texts = values.map((argument) => {
      const preset = argument.defaultValue !== undefined
      return `${argument.name}: ${this.value(argument.type, false, v16.isNonNullType(argument.type) && !preset)}`
    })
    // An alias for each field with arguments, so that two of them do not conflict.
    const alias = texts.length || chance(0.1) ? `a${this.budget}: ` : ''
    const below = deep(field) ? ` ${this.selections(field.type, level + 1)}` : ''
    const list = texts.length ? `(${texts.join(pick([', ', ' ']))})` : ''
    return `${alias}${field.name}${list}${conditions ? this.conditions() : ''}${below}`
  }
}

function generate() {
  const writer = new Writer()
  const kind = pick(['query', 'query', 'query', 'mutation', 'subscription'])
  const root = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() }[kind]
  const set =
    kind === 'subscription'
      ? `{ ${writer.field(Object.values(root.getFields()), 1, false)} }`
      : writer.selections(root, 0)
  const name = chance(0.5) ? 'Op' : ''
  const define = (variable) => `${chance(0.03) ? '"d" ' : ''}$${variable.name}: ${variable.type}${variable.default ? ` = ${variable.default}` : ''}`
  const variables = writer.variables.length ? `(${writer.variables.map(define).join(pick([', ', ' ']))})` : ''
  const shorthand = kind === 'query' && !name && !variables && chance(0.5)
  const description = !shorthand && chance(0.05) ? pick(['"d" ', '"""\nd\n""" ']) : ''
  let query = shorthand ? set : `${description}${kind} ${name}${variables} ${set}`
  for (const fragment of writer.fragments) query += `\n${chance(0.03) ? '"d" ' : ''}${fragment.text}`
  if (name && chance(0.1)) query += ' query Other { __typename }'
  const given = writer.variables.filter((variable) => variable.json !== undefined)
  return {
    query,
    variables: `{${given.map((variable) => `"${variable.name}":${variable.json}`).join(',')}}`,
    operationName: name && (query.includes('query Other') || chance(0.5)) ? name : null,
  }
}

const TOKEN = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|[A-Za-z_]\w*|-?\d[\w.+-]*|[^\s,]/g

// One change that often makes a request invalid.
function damage(request) {
  const tokens = [...request.query.matchAll(TOKEN)].map((match) => ({ at: match.index, text: match[0] }))
  const replace = (token, text) => {
    request.query = request.query.slice(0, token.at) + text + request.query.slice(token.at + token.text.length)
  }
  const names = tokens.filter((token) => /^[A-Za-z_]/.test(token.text))
  const values = tokens.filter((token) => /^[-\d"]|^(true|false|null)$/.test(token.text))
  const literals = ['5', '-0', '1.5', '2147483648', '1e400', '00', '0x1', '"x"', 'true', 'null', 'RED', '[1]', '{}', '{ a: 1 }', '$v0', '$other', '"2026-02-30T00:00:00Z"', '"2026-01-31 12:00:00Z"', '"2026-01-31T12:00:60Z"', '"2026-01-31T12:00:00+24:00"', '"\\u{110000}"', '"\\u{000000041}"', '"\\uD83D"']
  const variables = () => JSON.parse(request.variables)
  const changes = [
    () => replace(pick(tokens), ''),
    () => replace(pick(tokens), pick(tokens).text),
    () => {
      const token = pick(tokens)
      replace(token, `${token.text} ${token.text}`)
    },
    () => replace(pick(names), pick(names).text),
    // What separates nothing, before any token.
    () => {
      const token = pick(tokens)
      replace(token, `${pick([',', ' ,, ', '\ufeff', '\t', '\r', '# c\n', ',#"\r,'])}${token.text}`)
    },
    () => replace(pick(names), pick(['id', 'name', 'nothing', 'on', 'query', 'Int', '__typename', 'fragment', 'true', 'topk'])),
    () => values.length && replace(pick(values), pick(literals)),
    () => values.length && replace(pick(values), pick(literals)),
    () => {
      const token = pick(names)
      replace(token, `${token.text} ${pick(['@skip(if: true)', '@include(if: $v0)', '@nothing', '@skip', '@skip(if: "x")', '@deprecated'])}`)
    },
    () => {
      const type = tokens.filter((token) => /^(Int|String|Boolean|ID|Float|[A-Z]\w*Input)$/.test(token.text))
      if (type.length) replace(pick(type), pick(['Int', 'String', 'Boolean', '[Int]', 'Nothing', 'User', 'ID', 'Float']))
    },
    () => {
      const mark = tokens.filter((token) => token.text === '!')
      if (mark.length) replace(pick(mark), pick(['', ' !', '!!']))
    },
    () => {
      request.query += pick([' fragment Unused on Query { __typename }', ' { __typename }', ' query { __typename }', ' type T { a: Int }', ' ...F0', ' fragment F0 on Query { __typename }', ' fragment Loop on Query { ...Loop }'])
    },
    () => {
      const brace = tokens.filter((token) => token.text === '{')
      const token = pick(brace)
      replace(token, `{ ${pick(['id: __typename', '...Missing', '... on Int { a }', '... on User { id }', '__schema { types { name } }', '__type(name: 5) { name }', 'b: __typename b: __typename', 'c: __typename c: id', '__typename { a }'])}`)
    },
    () => {
      const given = variables()
      const keys = Object.keys(given)
      if (!keys.length) return
      const key = pick(keys)
      if (chance(0.3)) delete given[key]
      else given[key] = pick([null, 1.5, 2147483648, 'x', true, [], {}, [null], { nothing: 1 }, '2026-02-30T00:00:00Z', '2026-01-31T12:00:00\u221201:00', [[1]]])
      request.variables = JSON.stringify(given)
    },
    () => {
      // A value somewhere inside.
      const given = variables()
      const inner = []
      JSON.stringify(given, function (key, value) {
        if (this !== given && key !== '') inner.push([this, key])
        return value
      })
      if (!inner.length) return
      const [holder, key] = pick(inner)
      holder[key] = pick([null, 1.5, 'x', true, [], {}, { nothing: 1 }])
      request.variables = JSON.stringify(given)
    },
    () => {
      request.operationName = pick(['Op', 'Other', 'Nothing', '', null])
    },
    // A second argument, input field or variable of the same name.
    () => {
      const fields = [...request.query.matchAll(/(?<![$\w])[a-z]\w*: (?:\$\w+|-?[\d.]+|true|false|null|"\w*")(?=[ ,)}])/g)]
      if (!fields.length) return
      const { index, 0: text } = pick(fields)
      const [name, value] = text.split(': ')
      const second = chance(0.5) ? value : pick(['null', '1', '"x"', 'true'])
      request.query = `${request.query.slice(0, index)}${text} ${name}: ${second}${request.query.slice(index + text.length)}`
    },
    () => {
      request.query = request.query.replace(/\$v0: [\w[\]!]+/, (text) => `${text}, ${chance(0.5) ? text : '$v0: Int'}`)
    },
    // A second operation of the same name.
    () => {
      request.query += ' query Op { __typename } query Op { service { name } }'
    },
    // A second root field, in a fragment or not. More than one response key is an error in a subscription only.
    () => {
      request.query = request.query.replace('{ ', `{ ${pick(['again: viewer { permissions } ', 'viewer { permissions } viewer { __typename } ', '... { again: viewer { permissions } } ', '__typename '])}`)
    },
    // A directive twice, and directives where they are not allowed.
    () => {
      const set = tokens.filter((token, at) => token.text === '{' && tokens[at - 1]?.text !== ':')
      if (set.length) replace(pick(set), `${pick(['@skip(if: false) @skip(if: false)', '@include(if: true)', '@oneOf', '@sensitive'])} {`)
    },
    () => {
      request.query += ' fragment L on Query { ...M } fragment M on Query { ...L }'
    },
    // Lists inside of lists of introspection.
    () => {
      const deep = (levels) => (levels ? `{ fields { type ${deep(levels - 1)} } }` : '{ name }')
      request.query = request.query.replace('{ ', `{ __type(name: "User") ${deep(1 + below(4))} `)
    },
    // Two fields of one response key, at depth, with other arguments or another name.
    () => {
      const aliases = [...request.query.matchAll(/a\d+(?=: )/g)]
      if (aliases.length < 2) return
      const from = pick(aliases)
      request.query = `${request.query.slice(0, from.index)}${pick(aliases)[0]}${request.query.slice(from.index + from[0].length)}`
    },
  ]
  pick(changes)()
}

// The depth of introspection is a limit of graphql-js, and not a rule of the specification.
const specified = (js) => js.specifiedRules.filter((rule) => rule !== js.MaxIntrospectionDepthRule)

function invalid(js, schema, document, rules = specified(js)) {
  try {
    return js.validate(schema, document, rules)
  } catch (error) {
    // A rule for subscriptions evaluates directives that other rules refuse.
    return [error]
  }
}

function judge([js, schema], request) {
  let document
  try {
    document = js.parse(request.query)
  } catch {
    return { verdict: 'parse' }
  }
  const errors = invalid(js, schema, document)
  if (errors.length) return { verdict: 'validate', message: errors[0].message }
  const operations = document.definitions.filter((definition) => definition.kind === 'OperationDefinition')
  const operation =
    request.operationName === null
      ? operations.length === 1 && operations[0]
      : operations.find((operation) => operation.name?.value === request.operationName)
  if (!operation) return { verdict: 'operation' }
  const result = js.getVariableValues(schema, operation.variableDefinitions ?? [], JSON.parse(request.variables))
  if (result.errors) return { verdict: 'variables', message: result.errors[0].message }
  return { verdict: 'ok', coerced: result.variableValues?.coerced ?? result.coerced }
}

const requests = Array.from({ length: Number(count) }, () => {
  const request = generate()
  if (chance(0.55)) damage(request)
  for (const [name, version] of Object.entries(versions)) request[name] = judge(version, request)
  return request
})
if (option === '--coverage') {
  // The number of documents that break each rule, to standard error.
  for (const [name, [js, schema]] of Object.entries(versions)) {
    const counts = new Map(js.specifiedRules.map((rule) => [rule, 0]))
    for (const request of requests.filter((request) => request[name].verdict === 'validate')) {
      const document = js.parse(request.query)
      for (const rule of counts.keys()) if (invalid(js, schema, document, [rule]).length) counts.set(rule, counts.get(rule) + 1)
    }
    for (const [rule, found] of counts) console.error(`${name} ${rule.name}: ${found}`)
  }
}
process.stdout.write(JSON.stringify(requests))
