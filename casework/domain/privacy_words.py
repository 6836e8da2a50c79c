"""The words the privacy guard knows: names of many cultures in England, and the ordinary words beside them."""

from __future__ import annotations

import unicodedata
from enum import StrEnum


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# never an ordinary word when written small, so "kyle was seen" is a name wherever it stands
GIVEN = listed("""
aaliyah aarav aaron abbas abbie abby abdi abdirahman abdul abdullah abdullahi abel abena abi abigail abimbola abiola
abraham abu ada adam adamu addison ade adebayo adele adewale adil aditi aditya adnan adrian adriana adunni agnes
agnieszka ahmad ahmed aidan aiden aimee aisha aishah aisling akosua akua alan alana alannah albert alberto aled
aleksander aleksandra alena alex alexander alexandra alexandru alexis alfie alfred ali alice alicia alicja alina alisha
alison alistair aliya aliyah allan allison alyssa aman amanda amani amara amelia amelie amina aminata amir amirah amit
amna amrit amy anastasia anaya andre andrea andreea andrei andrew andrzej angela angelica angelina angus anisha anita
anjali ann anna annabelle anne annette annie anthony anwar anya aoife aqsa arabella archie arif arjun arya asad ashleigh
ashley ashraf asif asim asma atif aubrey audrey augustine ava ayaan ayesha ayo aziz azra baljit barbara barry bashir
beata beatrice becca becky belinda bella ben benedict benita benjamin bernadette bernard besnik bess bessie beth bethan
bethany betty beverly bianca bilal billy bobbie bobby bradlee bradley brandon brenda brendan brian brianna bridget
bridie brigid brogan bronwen bronwyn bruce bryan bryn cadence caitlin caitlyn callum calum calvin cameron camilla
camille cara carl carla carly carole caroline carolyn carrie carys casey cassidy cassie catalina caterina catherine
cathy cecilia cerys chantelle charlene charles charley charlie charlotte cheryl chiamaka chidi chidinma chika chinedu
chioma chloe chris christina christine christopher chukwuemeka cian ciara cillian cindy ciprian claire clara clare
claudia clayton clive cody cole colin colleen connie connor conor courtney craig cristian cristina cynthia dafydd damian
damien damola dan dana dania daniel daniela daniella danielle danny dara darcie darcy daren daria dariusz darrell darren
darryl daryl dave david davina dawid deanna debbie deborah debra declan deepak deirdre delroy denis denise dennis denzel
derek dermot derrick desmond dewi dexter diana diane dianne diego dion dominic dominik dominika donald donna doris
dorothy douglas duncan dwayne dylan eamon eamonn eddie edgar edith edward edwin efan efua eileen eilidh elaine elan
eleanor eli elif elijah eliot eliza elizabeth ella ellen ellie elliot elliott ellis eloise elsa elsie emil emilia emilie
emily emina emine emma emmanuel emmett eric erica erik erin esme esmee estelle esther ethan ethel eva evan evelyn evie
ewan fadi fadumo fahad faisal farah farhan farid farooq fatima fatimah fatma fatou fatoumata felicity felix fergus filip
finlay finley finn finnian fiona florin francesca francis frankie franklin fred freddie freddy frederick freya funmi
funmilayo gabriel gabriela gabriella gabrielle gareth garry gary gavin gayle gemma geoff geoffrey george georgie
georgina gerald geraldine gerard gerry gethin gheorghe giles gillian gina gloria gordon graham grahame greg gregory
grzegorz gurpreet gwen gwilym gwyn habiba hafsa hafsah haider hakeem hakim halima halina hamid hamish hamza hana hanan
hani hanna hannah hans hardeep hari haris harjit harleen harley harold haroon harpreet harriet harrison harry harvey
harvir hasan hashim hassan haya hayden hayley heidi helen helena henrietta henry hibo hilary howard hugh hugo humaira
humza hussain hussein huw hywel iain ian ibrahim ibrahima ida idris ieuan ifan ifeanyi ifeoma igor ilhan ilyas iman
imani imogen imran inaaya inderjit indira ingrid ioana ion ionela ionut iqra irene irina isaac isabel isabella isabelle
isaiah isha ishmael isla ismail isobel issa iwan iza izabela izzy jacek jackie jackson jacob jacqueline jacqui jada
jaden jai jaiden jaime jake jakub jamaal jamal james jamie jamila jamilah jana jane janelle janet janette janice janina
janine jared jasmin jasmina jason jaspal jasper jaswinder javed jawad jaxon jayda jayden jaydon jayne jeanette jeff
jeffrey jemima jemma jenifer jenna jennifer jenny jeremiah jeremy jermaine jerome jerry jess jessica jessie jill jillian
jim jimmy jo joan joanna joanne jodie joe joel joey johan johanna john johnnie johnny johnpaul jon jonah jonas jonathan
jonathon jonny joseline joseph josephine josh joshua josiah josie joyce juan jude judy julia julian julie juliet
juliette junaid justin justina kacper kadija kai kaiden kaitlin kaitlyn kali kamal kamaljit kamil kamila kamran kareem
karen karim karima karina karl karla karol karolina karthik kasia katarzyna kate kath katherine kathleen kathryn kathy
katie katrina katy kaur kaya kayden kayla kaylee kayleigh keira keiran keith kelly kelsey kelvin kemi ken kenneth kenny
keri kerry kevin keziah khadija khadijah khalid khalil kian kieran kim kimberley kimberly kingsley kiran kirsten kirsty
klaudia kofi kojo kristian kristina krystian krystyna krzysztof kuba kulwinder kumar kwabena kwaku kwame kwasi kyla kyle
kylie kyra kyran lacey lachlan laila lara larry latifa laura lauren laurence lawrence layla leah leanne leena leigh
leighton leila lennon lennox lenny leo leon leonard leonardo leonie lesley leslie levi lewis lexi lexie liam liana liban
liliana lillian lillie lilly lina linda lindsay lindsey lisa liz liza lizzie llewelyn lloyd logan lola lori lorna
lorraine lottie lou louella louie louis louisa louise luan luana luca lucas lucia lucian lucie lucinda lucy luis luka
lukasz luke luna lyall lydia lyla lyn lynette lynn lynne mabel maciej mackenzie maddie madeleine madeline madison maeve
magda magdalena maggie magnus mahmood mahmoud maisie maja malachi malaika malcolm mali malia malik malika mandy manisha
manjit manny manpreet manuel marc marcel marcia marcin marco marcus marek margaret maria mariam mariama marian mariana
marianne marie mario marisa marissa marius mariusz marjorie marlene marley marta martha martin martina martyn marvin
mary maryam maryan maryanne mateo mateusz mathew matilda matt matthew maureen maurice mavis maxine maxwell maya megan
meghan mel melania melanie melissa melvin meredith mia micah michael michaela michal michele michelle mickey miguel
mihaela mikey mila milana millie milly milo mindy minh miriam misha mohamad mohamed mohammad mohammed mohamud mollie
molly monica monika muhammad muhammed musa mustafa naadia nabil nabila nadeem nadia nadine naeem naima nancy naomi
narinder nasir nasra nasreen nasrin natalia natalie natasha nathalie nathan nathaniel naz nazia ned neha neil nell
nellie nelson nevaeh nia niall niamh nichola nicholas nicki nicky nico nicola nicolae nicole nicoleta nigel nikhil
nikita nikki nikola nisha nnamdi noah noemi noor nora norma norman nusrat obi obinna ojo oksana ola olena olga oliver
olivia oliwia oliwier olu olufemi oluwaseun oluwaseyi omar omari orla oscar osman owain owen paddy paige pam pamela
parveen patricia patrick patrycja patryk paul paula paulette pauline pavel pawel paweł payton peggy peter petra peyton
phil philip philippa phillip phillipa phoebe pia piotr pippa polly pooja praveen priti priya priyanka quincy rabia
rachael rachel radu rafael rafal raheem rahim rahma rahul raihan raj raja rajesh rajinder rajveer rakesh ralph raman
ramesh rani rashid rashida raul ravi ravinder raya raymond razia reagan rebecca rebekah reece reema reggie regina rehman
reiss renee reuben rhea rhian rhiannon rhonda rhys ria riaz ricardo richard richie rick ricky rida rihanna riley rita
ritchie riya roan robbie robert roberta roberto rochelle roderick rodney roger rohan roland romana ronald ronnie rory
rosa rosie ross rowena roxanne roy ruairi rufus rukhsana rupert russell ruth ryan ryley saad saba sabah sabina sabrina
sadaf sadia sadie safa safia safiya sahar sahil sahra saif saima saira sajid salah saleem salim salima sally salma
salman sam sama saman samantha sameer samia samina samir samira samiya samson samuel sana sandeep sandra sania sanjay
sanjeev santiago saoirse sara sarah saul scarlett scott sean sebastian selena selina selma senait seren serena seun
shabana shabir shabnam shahid shahida shakeel shakil shakira shamima shan shane shania shanice shannon sharon shaun
shauna shawn shay shayla shazia sheena sheila sheldon shelley shireen shirley shivani shola shona shreya shukri sian
sidney siena sienna simon simona simone simran sinead siobhan sofia sofie solomon sonia sonya sophia sophie spencer
stacey stan stanislaw stanley stefan stefanie steffan stella steph stephan stephanie stephen steve steven stevie stewart
stuart subhan sulaiman suleiman sultana sumaiya sumaya sunil sunita suresh surinder susan susanne susie suzanne suzie
sylvia sylwia szymon tabitha tahir tahira taiba tamara tamika tamsin tania tanisha tanveer tanya tara tariq taslima
tayyab tayyiba ted teresa teri terry tess tessa thea theo theodore theresa thomas tia tianna tiffany tilly tim timothy
tina tirion tobi tobias toby todd tom tomas tomasz tommy toni tony tope tracey traci tracy travis trevor trisha tristan
trudy tyla tyrell tyrese tyrone uchenna ugo uma umair umar usha usmaan usman uzma valerie vanessa vasile vera veronica
veronika vicki vicky vijay vikram viktor vince vincent violeta vivian vivienne wajid waleed wallace walter wanda waqar
warsame wasim wayne wendy wiktor wiktoria wilfred william wilma winifred winnie wojciech xander xavier yaa yaseen yash
yasin yasir yasmin yasmina yasmine yetunde younis yousef youssef yusra yusuf yvette yvonne zac zach zachariah zachary
zack zahid zahida zahir zahra zaid zain zaina zainab zak zakariya zaki zane zara zarah zayd zayn zaynab zeinab zion zoe
zoey zofia zohaib zoya zubair
""")

# also ordinary words: a name only where the words around them speak of a person
GIVEN_ORDINARY = listed("""
alexa amber angel archer art ash aspen autumn bailey basil bay belle berry bill bishop blake blessing bliss bob bonnie
brook brooke candy carol carter chance charity chase cherry chip christian christy clay clement cliff colt comfort
constance cooper coral crystal daisy dale dante dawn dean demi destiny don drake drew duke ebony ed eden eve faith fern
fletcher flo flora fox frank gail gale gene gift ginger ginny glen goldie grace grant gray guy hardy harmony harper
hazel heath heather holly honey hope hunter indigo iris israel ivy jack jade jan jasmine jay jean joy junior justice kay
king kit kitty laurel lee les liberty lily lincoln loan major marina mark marsh mason max may melody memory mercedes
mercy mick mike miles misty mo nan nat nick nicu oak olive parker pat patience peace pearl penny piper poppy porter
praise precious prince princess prudence queenie rain ramadan raven ray red reed rex rich river rob robin roman romany
ron rose rosemary rowan ruby rusty sage sandy savannah sawyer shah sherry sierra silver sky skye skylar sonny stacy star
sterling storm sue summer sunny tate taylor teddy tiny trinity tyler val van vic victor viola violet walker warren
wesley west will willie willow winter woody wren
""")

# also places or months: a name only beside a relation, after "spoke to", or before what only a person does
GIVEN_PLACES = listed("""
adelaide africa alexandria april asia august augusta austin avon beverley brooklyn carlisle carolina chelsea chester
china clifton clyde dakota dallas darlington denver devon florence georgia hamilton holland india ireland jersey jordan
julius june kent kenya kingston lancaster london lourdes melbourne memphis milan milton montana nevada norwich orlando
paris phoenix preston regan rio rome sahara sheffield shelby stafford sydney victoria vienna virginia
""")

# never an ordinary word, so "sarah whittaker said" is one name even in small letters
SURNAMES = listed("""
abbott abubakar adamczyk adams adeleke ademola adeyemi adeyinka afolabi agarwal akande akhtar akinola akram alam allen
anderson andrews anjum appiah arshad arthur asante asghar aslam atkins atkinson awan babatunde baines balogun banerjee
barker barlow barnes barrett bartlett bates begum bennett benson bhatt bhatti bibi bird blackburn boateng bolton bowen
boyle bradshaw brennan briggs brookes brooks bryant buckley bunea burgess burke burton butcher butt byrne campbell
cartwright cash chan chapman chaudhary chaudhry chen choudhury chowdhury chukwu clark clarke cleary coates coleman coles
collins connolly connors cooke cooney costello cox crawford cunningham curtis dalton daly daniels davidson davies davis
davison dawson delaney dhillon diaz dixon dobson dogan doherty donnelly donovan doran doyle dudley duffy dunn dyer
eastwood edwards egan evans eze fagan faulkner ferguson fernandes fernandez fielding fisher fitzgerald fitzpatrick flynn
forster fowler fraser freeman fuller furey gallagher garcia gardiner garner gibbons gibbs gibson gilbert gill gilmore
glover goddard gomez gonzalez goodwin grabowski greenwood griffin griffiths gupta gurung haji hale hamilton hammond
hancock hanson haque hargreaves harris hart hartley hawkins haworth hayes haynes henderson herbert hewitt hicks higgins
hobbs hodgson holden holloway holmes holt hooper hopkins horton houghton howarth howe howell howells hudson hughes
humphreys humphries hurst hutchinson hyde iftikhar igwe ingram ionescu iqbal irving jacobs jama jankowski jarvis jenkins
jennings johal johnson johnston jones kamara kaminski kavanagh keane kemp kennedy kerr khan khatun kirk knowles
kowalczyk kowalska kowalski kozlowski krawczyk lawson lewandowski lowe lynch macdonald mackay mahmud malone manning
marshall masih matthews maughan mbeki mccann mccarthy mcdonagh mcdonald mcgrath mcinerney mckenna mclean mcnamara mensah
metcalfe middleton mills mirza molloy moran moreno morgan morley morris morrison mukherjee mullins munteanu murphy
murray myers nash nawaz naylor ncube ndlovu newman newton nguyen nicholls nicholson nkosi norris norton nowak nunes
obrien oconnor odonnell odriscoll ofori ogunleye okafor okeke okonkwo okoro okoye oladipo olaniyan olszewski oneill
onyango osei owens owusu oyelaran palmer parkin parkinson parry parsons patel patterson pavlov pearce pearson pereira
perkins perry peters phillips pickering piotrowski pollard poole popa popescu popov powell pratt preston pritchard pugh
quinn rafiq rahman ramirez ramsey randall rathore reeves reid reilly reynolds rhodes richards richardson roberts
robertson robinson rodrigues rodriguez rogers rooney rossi rowe rowlands sadiq saeed sanders sanderson santos saunders
schmidt schofield sesay shaikh sharif sharma sharpe sheikh sheridan siddiqui silva simmons simpson sims sinclair singh
slater smith solanki spence stephens stephenson stevens stevenson stokes sullivan sutton sweeney szymanski talbot tang
thapa thompson thomson thornton tomlinson townsend traore tunde turner uddin vargas vaughan wagner walsh walters walton
warner watkins watson watts webster weston whelan whitehead whitehouse whitmore whittaker wiggins wilkins wilkinson
williams williamson willis wilson winstanley wisniewski wojcik wong woodward wozniak wright wyatt yates yilmaz zaman
zielinski
""")

# ordinary words that are a surname only after a given name ("Sarah Brown")
SURNAME_WORDS = listed("""
abbey ahmadi archer baker ball banks barber barn bell bishop black bloom bond booth brown bull bush butler byers
carpenter carr carter case chambers church clay cook cooper cope cotton craft cross crow dale day drew drinkwater driver
east field fields finch fish flood flowers ford forest foster fox french frost gale gardener gardner gates glass golding
goode grant grave graves green hall hand harding hardy hawk hay head heath hill hills holland hope horn house hunt
hunter islam judge key king knight lamb lane law lee lilly little lock long lord love mann marks marsh mason may mead
mercer miller mist moon moore moss north nurse page parish park parker parks payne pike piper pitt pitts place plant
pope porter potter power price pride prior rice rose rowan sadler sage savage sharp shaw shepherd short silver singer
skinner small snow sparks spring steel stone street strong summers swan swift temple thorn todd tree twist walker wall
waller ward waterman waters weaver webb wells west wheeler white wild winter wise wolf wood woodman woods yeo york young
""")

# written with a capital at the start of a sentence, in a heading or by habit; never by themselves part of a name
ORDINARY = listed("""
a&e aa about above abuse academic accept access accident accidental account across actual acute add address adhd adidas
admit adult advice adviser advocate aed afghan afghani african after afternoon afterwards again against age agree agst
ahmadi albanian alcohol aldi alexa algerian all allow although am amazon american amharic and android ane anglican annex
annual another answer any anyone appeal appear apple appropriate approval approx apr april arab arabic are aren arent
argos argus around arrange arrest arrival art as asap asd asda asian ask ass assault assistant assists asst asylum
attack attempt attend audi aug august australian autumn aware babies background bag bail band bangladeshi baptist
barnardo based basis bathroom bbc bcc be because before began behaviour behind belarusian belief believe below bench
benefit bengali beside best better between bff birth birthday black blind bmw bodycam bond book boots both brazilian
breach break breakdown breakfast brief bring british brought btp buddhist budget bulgarian but buy by cab cafcass cahms
cait caiu call caller camhs can cannot cant cantonese cao captain car caravan career caribbean carry case castle cat
category catholic cause cc cce cctv cemetery centile central certain chair chairperson challenge chance change chapel
charge charity charter chase check chelsea chief childline childminder chinese chip christian christmas chronicle cic
cid cin citizens civil claim class clerk client clp cme co-op coach colt comfort command commander commissioner common
complain complaint complete compulsory concern confidential confirm conflict congolese consent consider consultant
contact contain context continue contract control coop coordinator cope copy coram coroner corporate corsa could couldn
couldnt counsel counsellor counter country couple courier course cover covert covid cp cps crime crimestoppers criminal
crisis croatian cse current custody cyber cyp czech da daily damage dari dash data date day dcs dead dealer death dec
december decline delay dental dentist deport deputy despite destiny detail detox dfe dht diabetic did didn didnt died
dinner dir direct director disabilities discharge disclosure discord discuss disorder diwali do dob doc does doesn
doesnt dog doing dol domestic don done dont down draft dsl duke dutch duty dv dva each earl earlier early east easter
eastern echo eclipse ed edt ee eg egyptian ehcp eid eight either elder eldest electric eleven else email emis encompass
end engage english enquiries enquiry ensure enters eo eot ep episode epo er eritrean establish eta etc ethiopian eu
european event ever every everyone exam excel except express external extra face facebook faculty failure fallen
families fao far farsi fax feb february feedback feel fern festival few fgc fgm fiesta fii file filipino final find firm
five fixed fled flora follow foot football for force form former foster four free freedom french fresh fri friday from
front fsw full fund funeral further future fyi gambian gazette gcse general german get ghanaian gift give given gmp go
goes going golf good google governor gps grandchild grandchildren grandparent grant great greek greggs groom ground
guard guide gujarati gym gypsy had hadn hand hanukkah harm harmony has hasn hasnt have haven havent hazard hdu he
healthcare hear held hello help her herald hi hide higher hill him hindi hindu his hmo hmp ho hold holiday hour
household how however hr hrs ht hungarian i ico icpc ics id ie if impact important incident increase independent indian
individual info inform informal inhaler initial inj inner inquest instagram intel intend intent interest interim
internal internet interview into ipad iphone iranian iraqi irish is isa islam islamic isn isnt iso it italian its itv
jamaican jan january japanese jehovah jewish join joint jul july jun june just juvenile keep kenyan key kfc kill kind
king kit know kooth korean kosovan kurdish kurmanji la lac lado lady lake landlord language lankan large las last later
latvian launch lawyer lcs ldn leader learn least leave leg legal length less let letter level lgm liaison liberty libyan
lidl life lifeguard line link liquidlogic list lithuanian little live loan local lock log loi long longer look lord
lounge lower lscb lscp lying lyric main major make malay mandarin many map mappa mar marac march marine mark market
marriage mash master maternal maths maverick may maybe mayor mcdonalds me measures media medicine meds meet melody memb
member memo men mental mercedes merchant mercy message methodist metropolitan mga mgm's microsoft mid middle midnight
midwifery might military min mine minister minute mob mode mon monday monitor month more mormon moroccan morrisons
mortuary mosaic most motorway move mst mtg mth much multi muslim must my myself nacro nai name nature navy nb nearby
neglect nepali netflix network new newspaper next nfa nicu nigerian night nike nine nissan no nobody normal north
northern nos note notice notify nov november np nrm nspcc number o2 obs observer ocd oct october of off offender offer
official ok okay old once one online only ooa ooh opinion or orchard order original ot other otp our outline outlook
outreach outside over overnight own pa's paediatric paediatrician page paint pakistani palace paper parent parental
parish parliamentary parole part party pas pashto passover passport past pastor paternal path pathway patient peace peer
pep per permanent persian persistent person personal peugeot pga picture picu plan platform play playground please plo
plus pm po point policy polish port portuguese post poverty praise pre premier press pressure prev priest primark prime
prince princess principal print prior procedure proceedings process progress prop prospect protect protest protestant
provide provider province pru prudence ps psychiatric psychiatrist psychiatry pto ptsd public punjabi purchase pvp
quaker queen raid rail rain rainbow ramadan range rapid rather rcpc re read recent receptionist recovery red redress
reed ref referral refugee refusal refuse regard region registrar regs regular relate relatives release relevant religion
remain removal remove renault reporter request require rescue reserve respect respite respond response restraint result
retract return rich rider ridge right ring river roblox rock roma romanian romany roof round rover row royal runner
rural russian safer safety sainsbury salt samaritans samsung sat saturday scheme scottish scp secretary see sen senior
sep sept september serbian series set seven several sexual sgo shall she sheriff shia shift short should shouldn
shouldnt showman shown shropdoc significant sikh silver since sit site six sky slovak slovakian small sn snap snapchat
snow social soldier somali somalian some someone sometime soon sorani sorry sos south southern space spanish special
specialist specific speech spokesperson sport squad sri ssa ssd staff stage standard star start state statutory stay
stone storm strategic strategy strong studies study subject suburb such sudanese sudi suite summary summer sunday sunni
support surgeon survey survivor sutures sws syrian system systmone table tac taf take talk tall tamil tas taxi tbc tbd
tea teen teenage teenager tel telegram telegraph telephone tell temporary ten term terrier terror tesco thai than that
their them themselves then therapeutic therapy therefore these they this those though three through throughout thu thur
thursday ticket tied tier tigrinya tiktok till tired tmrw to today toddler together tomorrow tomoz tonight toolkit total
tour toward toyota tracker traffic train transfer transit transport travel traveller travelodge trial tribunal trinity
truant trustee try tue tuesday tunisian turkish tv twelve twice twitter two uas uasc uber uk ukba ukrainian ukvi ulster
unborn underground uniform union until unusual up update upon upper urdu urgent us usa use user using vaccine van
vauxhall vehicle via victory video vietnamese vigil virtual visit visitor vodafone volkswagen voluntary volunteer vs w
walker walkway wall wand warden warehouse warrant was wasn wasnt we wed wednesday week weekend welfare well welsh were
weren werent west western wetherspoons what whatever whatsapp wheelchair when where whereabouts whether which while
whistleblower white who whole whom why wild wildlife will wing winter within without wk wks wmas wmp wolf women wont
work workshop worrier worries would wouldn wouldnt write written xbox xray y/o year yellow yemeni yes yesterday yet yjs
yo yos yot you young younger youngest your yourself youtube yp yps yr yrs zero zimbabwean
""")

# towns, counties, countries: capitals, but nobody's name
PLACES = listed("""
aberdeen afghanistan africa albania alder algeria america arabia asia australia avon bangladesh barnsley bath bedford
bedfordshire belfast belgium berkshire birmingham blackburn blackpool bolton bournemouth bradford brent brighton bristol
britain brixton bromwich buckinghamshire bulgaria burnley burton bury calderdale cambridge cambridgeshire cambs camden
cannock canterbury cardiff carlisle chelmsford cheltenham cheshire chester china cleveland colchester congo cork
cornwall coventry crewe croydon cumbria cyprus darlington derby derbyshire devon doncaster dorset dover dubai dublin
dudley dundee durham ealing edinburgh egypt enfield england eritrea essex ethiopia europe euston exeter folkestone
france fulham gambia gateshead germany ghana glasgow gloucester gloucestershire greece greenwich grimsby gwent hackney
halifax hammersmith hampshire handsworth haringey harrow hartlepool heathrow hereford hertfordshire herts hey hillingdon
hong hounslow huddersfield hull humber humberside india ipswich iran iraq ireland isle islington italy jamaica jersey
kabul kashmir kendal kensington kent kenya keynes kingston kirklees knowsley kong kosovo kurdistan lambeth lancashire
lancs latvia leeds leicester leicestershire lewisham libya lichfield lincolnshire lithuania liverpool london maidstone
malta man manchester medway mercia mersey merseyside middlesbrough midland midlands milton morocco netherlands newcastle
newport nigeria norfolk northampton northamptonshire northumberland northumbria norwich nottingham nottinghamshire notts
nuneaton oldham oswestry oxford oxfordshire paddington pakistan paris pennine pennines peterborough philippines plymouth
poland poole portsmouth portugal powys preston reading redditch richmond rochdale romania rome rotherham rugby russia
rutland salford sandwell saudi scotland sefton severn sheffield shrewsbury shropshire slough solihull somalia somerset
southampton southend southwark spain stafford staffordshire staffs stockport stockton stoke stoke-on-trent stratford
sudan suffolk sunderland surrey sussex sutton swansea swindon syria tameside tamworth teesside telford thames tottenham
trafford trent tunisia turkey tyne tyneside ukraine victoria vietnam wakefield wales walsall wandsworth warrington
warwick warwickshire watford wear westminster wigan wight wiltshire windsor wirral wolverhampton worcester
worcestershire wrekin wrexham yemen york yorkshire zimbabwe
""")

# who somebody is to the child or at work: the capitalised word after it is a name
RELATIONS = listed("""
aunt auntie aunty baby bf boy boyfriend boys bro brother brothers carer carers child children colleague cousin cousins
dad daddy daughter daughters doctor driver ex ex-partner father female fiance fiancee foster-carer friend friends gf
girl girlfriend girls gran grandad granddad grandfather grandma grandmother grandpa granny guardian guy half-brother
half-sister halfbrother halfsister head headteacher husband hv interpreter iro keyworker kids lad male mam man manager
mate mentor mgf mgm midwife mother mothers mum mum's mummy nan nana nanny neighbour nephew niece nurse officer paramedic
partner pgf pgm psychologist pupil resident sibling siblings sis sister sisters solicitor son sons ssw stepbrother
stepdad stepfather stepmother stepmum stepsister student supervisor sw ta teacher therapist tm tutor twin twins uncle
wife woman worker
""")

# what only a person does: the capitalised word before it is a name
SPEECH = listed("""
absconded absent accepted admitted agreed alleged alleges answered arrived asked asks assaulted ate attacked attended
became begged believes bit bought came claimed claims climbed collapsed complained confirmed cried cuts declined denied
denies disclosed discloses dragged drank dropped explained feels fell felt gave got grabbed hates hid hit hits hurt
ignored jumped keeps kept kicked knew knows left lives locked loves made messaged met missed misses moved overdosed
phoned picked presented pulled punched pushed put ran rang refused refuses remembers replied reported returned said saw
says screamed self-harmed shouted slapped slept smashed smoked sold spat started stated states stayed stays stole
stopped swore tells texted thinks thought threatened threatens threw told took touched touches tried turned visited
walked wanted wants went wet woke
""")

# what follows "was" or "has" when the word before is a person
STATES = listed("""
a absconded absent abusive adamant admitted afraid aged aggressive already also always an angry arrested asked asleep
assaulted at attacked away back bailed become been being bitten born bruised charged clear collected come crying
detained diagnosed discharged disclosed distressed drunk excluded found frightened gone here hit home hurt ill in
injured interviewed intoxicated kicked known late left living lost missing moved never not now observed on picked placed
pregnant present presented punched pushed quiet refused refusing released removed reported returned rude run safe said
saying scared seen sick slapped sleeping so spoken stated staying still stopped supposed taken tearful the there told
too unable unconscious unwell unwilling upset very violent visited with withdrawn worried
""")

# a title makes the word after it a surname
TITLES = listed("""
cllr constable councillor dame dc dci di dr ds dsi fr hhj imam insp inspector judge miss mr mrs ms mx pc pcso prof
professor rev reverend sergeant sgt sir wpc
""")

# a capitalised run that holds one of these is a place, a street, a body or a document
ORGANISATION = listed("""
academies academy act agencies agency aid airport alert ambulance app area arms army association authority avenue bank
bar barracks beach bill board borough bridge brigade building bungalow cafe camp campus care centre charity children's
childrens church cinema city clinic close club college college's commission committee community company constabulary
convent coroner's corporation cottage council county court crescent department diocese disease district drive drop-in
estate farm federation field fields fire first foundation garage gardens gp grammar green group grove guardian gurdwara
hall health high high-school home homes hospice hospital hostel hotel house hub infant infants infirmary infirmary's inn
inquiry institute island jobcentre junior kitchen lane law leisure library limited lodge ltd mail manor maternity meadow
medical method mews ministry mission model mosque museum nhs nurseries nursery office panel parade park partnership
performing pharmacy place playgroup police practice preschool primary prison programme project project's protocol pub
quarter radio railway refuge report residential restaurant retail review road safeguarding scale school schools
secondary secure service services shop show society square star station store street street's supermarket surgery
swimming synagogue syndrome team temple terrace test theatre tower towers town training trust unit university valley
villa village walk ward way women's womens works yard youth zoo
""")

PARTICLES = listed("al ap bin bint da de del der di dos el ibn la le ul van von")
# a given name after one of these is part of a building's, a saint's or a storm's name
CALLED_AFTER = listed("st saint ss queen king princess prince royal lord lady fort mount hmp storm operation op")
HALLS = listed("hall ward church")  # surnames more often than buildings
TELLING = listed("tell told saw informed asked rang contacted called met emailed texted phoned")
SPEAKING = listed("spoke spoken talk talked speaking discussed")
NAMED = listed("is was known someone somebody person he she")
CIVIL = listed("mr mrs ms miss mx dr")
BEING = listed("was is has had wasn't isn't hasn't")
REFUSING = listed("didn't doesn't don't won't can't couldn't wouldn't wasn't hasn't isn't hadn't")
# said of people only; "Tesco closed" is not
SAYING = listed(
    "said says told tells disclosed stated states alleged admitted punched kicked hit screamed cried shouted"
)
STREETS = listed(
    "street st road rd avenue ave lane ln crescent cres close drive dr terrace grove gardens way place square mews"
    " walk row hill court view rise green parade"
)
PLAIN_STREETS = listed("street st road rd avenue ave lane crescent terrace grove")
BUILDINGS = STREETS | listed("house tower towers lodge park site mansions point heights building hall")
NOT_STREETS = listed("a an the in of on at to up down from into along and or by off with per for my his her")
ORDINARY_WORDS = ORDINARY | SPEECH | STATES | RELATIONS | TITLES
BODIES = ORDINARY_WORDS | ORGANISATION
# shapes of words that names hardly ever have
ORDINARY_ENDINGS = tuple(
    listed(
        "ing ed ly tion tions ment ments ness ity ive ous able ible ful less ance ence ancy ency ism ology ship ships"
        " ical ional ise ises sion sions ates ants ents n't"
    )
)
SPECIAL = str.maketrans("łŁøØđĐ’", "lLoOdD'")


class Part(StrEnum):
    """What a word may be in a name."""

    GIVEN = "given"
    SURNAME = "surname"
    DOUBTFUL = "doubtful"  # GIVEN_ORDINARY
    PLACE = "place"  # GIVEN_PLACES
    UNKNOWN = "unknown"
    NONE = "none"


def plain(text: str) -> str:
    """The word as the lists hold it: small letters without accents."""
    return "".join(unicodedata.normalize("NFKD", letter)[0] for letter in text.translate(SPECIAL)).lower()


def is_ordinary(key: str) -> bool:
    """The word is no name by itself: listed, a form of a listed one, or of a shape names don't have."""
    if "-" in key:
        first, *others = key.split("-")
        return first in ORDINARY_WORDS or (is_ordinary(first) and all(is_ordinary(other) for other in others))
    bare = key.replace("'", "")
    stems = (bare[: -len(end)] for end in ("s", "es", "ed", "d", "ing", "ly") if bare.endswith(end))
    if len(key) < 2 or bare in BODIES or key in BODIES or key in PLACES:
        return True
    return any(len(stem) > 2 and stem in BODIES for stem in stems) or (len(key) > 5 and key.endswith(ORDINARY_ENDINGS))


def part_of(key: str) -> Part:
    """What the word may be, by itself or by its parts ("Anne-Marie")."""
    pieces = {key, *(piece for piece in key.split("-") if len(piece) > 2)}
    if pieces & GIVEN:
        return Part.GIVEN
    if pieces & SURNAMES and key not in PLACES:
        return Part.SURNAME
    if key in GIVEN_PLACES:
        return Part.PLACE
    if key in GIVEN_ORDINARY:
        return Part.DOUBTFUL
    return Part.NONE if is_ordinary(key) else Part.UNKNOWN
