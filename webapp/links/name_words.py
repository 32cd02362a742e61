"""Words of company names in English and French: what says nothing, and what stands for what. Data only."""

from __future__ import annotations

_LEGAL_FORMS = """
inc incorporated incorporee incorpore llc llp lllp lp pllc plc pc pa ltd limited ltee limitee co company
corp corporation cie compagnie enr enregistree sarl sas sasu sa snc senc sencrl ulc gmbh ag kg bv nv pty
srl spa
"""
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
# Left out wherever they stand
_FILLERS = "and et the of for in at a an la le les de du des d l au aux en un une y und"
FILLERS = frozenset(_FILLERS.split())
# What comes before a trade name or a former one
OTHER_NAME = "|".join(
    (
        r"d ?/? ?b ?/? ?a",
        r"[oat] ?/ ?a",
        r"[fa] ?/? ?k ?/? ?a",
        r"f ?/ ?a ?/ ?s",
        r"faisant affaires? sous(?: le nom(?: de)?)?",
        r"(?:doing business|trading|operating|also known) as",
        r"operating under",
        r"formerly(?: known as)?",
        r"anciennement(?: connue? sous(?: le nom(?: de)?)?)?",
        r"connue? sous le nom de",
        r"(?:a )?division of",
        r"(?:une )?division de",
    )
)

# Each line: what a word is taken for, then how it is also written, abbreviated or in the other language
_SAME = """
international intl internatl internationale internationaux internat
manufacturing mfg manuf mfr manufacturer fabrication
brother bro freres frere
associate assoc assn association associe associes assocs
national natl nationale
service svc serv svcs servs
engineering engr engrg eng genie ingenierie
construction const constr
technology tech technologie
industry ind inds industrie industriel industrial industrielle
distribution dist distr distrib distributor distributeur distributing
equipment equip eqpt equipement
enterprise ent entr entreprise entrep
center ctr cntr centre
group grp groupe
supply supp sply fourniture
transport transp transportation trans
electric elec electrique electrical electricite elect
canadian cdn canadien canadienne
american amer americain
heating htg chauffage
cooling clg climatisation
marketing mktg mkt
saint st ste sainte
general gen genl generale
restaurant rest resto
foundation fdn fondation
jeweller jeweler jewellery jewelry bijouterie bijoutier
management mgmt mgt gestion
development dev devel developpement
university univ universite
department dept
government govt
product prod produit
solution soln
system sys systeme
building bldg batiment
mountain mt mtn mont
fort ft
north nord
south sud
east est
west ouest
northern
son fils
laboratory lab laboratoire
hospital hosp hopital
school ecole
church eglise
city ville
community communautaire
pharmacy pharm pharmacie
printing imprimerie printer
plumbing plomberie plumber
roofing toiture
bakery boulangerie
insurance ins assurance
consulting conseil consultant consult
accounting comptable acctg accountant
embroidery broderie
sign enseigne
apparel vetement
uniform uniforme
catering traiteur
brewery brasserie
food aliment
farm ferme
hardware quincaillerie
furniture meuble
flooring plancher
welding soudure
packaging emballage pkg
plastic plastique
metal metaux
lumber bois
travel voyage
photography photographie photo
media mediatique
software logiciel
security securite
cleaning nettoyage
staffing placement
nursery pepiniere
optical optique
hotel hostel
paving pavage
excavating excavation
painting peinture
logistic logistique
event evenement
music musique
outfitter pourvoirie
landscaping paysager amenagement paysagement landscape
lawyer avocat law
garage auto
dental dentaire dentist dentiste
veterinary veterinaire vet
clinic clinique
"""
SAME = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
# Ends of a name that the book-keeping put there, not the company
MARKS = frozenset({"usd", "cad", "us", "cdn", "eur", "gbp"})
