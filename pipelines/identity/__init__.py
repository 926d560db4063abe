"""Who is who, once the web was read: is this website the organization's own, and where else could it be?

The design. A list's website is taken at its word and *checked*: `judge` holds what its pages say against what the lists know.
* `confirmed`: a title, JSON-LD, copyright or imprint gives a name the lists give. The fact `website` says so, with the quote.
* `refused`: another company's name all over it, or another place, or a leap to somebody else's domain. Nothing of its pages is
  used but the fact `other_owner`; the captures keep the state `somebody_elses`.
* `unclear`: neither. A list's website is read on; a guessed one is not used, its captures keep the state `not_confirmed`.
An organization with only a name, or whose website is refused or for sale, is looked for at a few domains its name suggests. They
are asked like everything else; the name in the page has to be all of the list's, and a name that many could have (one word, or
words of a trade) needs a second agreement: city, phone, an address at that domain, a company profile.
A home page that answers from another domain is judged there: of the same name it has moved, of another name it is that one's.
What the web says about two organizations of ours (the same website, each other's address, the same legal entity) is joined in
sql/core/merger.sql, by rule and with the evidence; ids never change, the survivor answers for all. Group companies stay
apart and know their parent (sql/core/parent.sql). mart.identity is the record.

Who comes first: `naming` knows what a name's words are worth, `guessing` where to look, `confirming` what to make of it.
"""
